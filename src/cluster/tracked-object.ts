import { canonicalJson } from '../app/canonical-json.js';
import type { IgnoredFields } from '../app/ignore-differences.js';
import { refOf, type Manifest, type ObjectRef } from '../app/manifest.js';
import { hookOf, stageOf } from '../app/stages.js';
import { FIELD_MANAGER } from '../app/tracking.js';
import { comparableOf } from './compare.js';
import type { KubeObject } from './kube-object.js';
import { fieldSetHash, findApplyEntry, hashOf, ownedHash } from './managed-fields.js';
import type { Health, ObjectObservation } from './port.js';

/** How an object compares with what we want. */
export type Verdict = Pick<ObjectObservation, 'state' | 'drift' | 'ignored' | 'driftManager' | 'problem'>;

/** What is kept of a live object. The object itself is dropped after each event. */
export interface LiveDigest {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Hash of everything but status and server metadata. */
  readonly whole: string;
  /** Hash of the fields that our manager owns and of their values; absent when that entry cannot be read. */
  readonly owned?: string;
  /** Hash of the names of the fields that our manager owns. */
  readonly fieldSet?: string;
}

/** What a live object looked like when it was last compared exactly. */
export interface Baseline {
  readonly whole: string;
  /** Set when our manager owned every desired field: then nothing but `owned` needs to be watched. */
  readonly owned?: string;
}

/** One desired object of an application and what is known of its live counterpart. Holds secret values in `body`. */
export interface TrackedObject {
  readonly app: string;
  readonly ref: ObjectRef;
  /** The desired object as JSON: the body of a server-side apply. */
  body: Buffer;
  bodyHash: string;
  /** Fields that others may write. */
  ignored: IgnoredFields;
  /** When it is applied, and whether it is a hook; what is usual is left out. */
  place: ObjectPlace;
  live: LiveDigest | undefined;
  baseline: Baseline | undefined;
  verdict: Verdict;
  health: Health;
}

/** Equal to what we want. */
export const SYNCED: Verdict = { state: 'synced', drift: [] };
/** Not there. */
export const MISSING: Verdict = { state: 'missing', drift: [] };
/** Not looked at yet. */
export const UNKNOWN: Verdict = { state: 'unknown', drift: [] };
/** The health of an object that was not looked at yet. */
export const UNKNOWN_HEALTH: Health = { status: 'Unknown', message: 'not looked at yet' };
/** The health of an object that is not there. */
export const MISSING_HEALTH: Health = { status: 'Missing', message: 'not in the cluster' };

/** Where an object is in the order of a sync, as far as that is not the usual. */
export type ObjectPlace = Pick<ObjectObservation, 'stage' | 'hook'>;

/** Begins to track a desired object. */
export function trackObject(app: string, manifest: Manifest, ignored: IgnoredFields): TrackedObject {
  const ref = refOf(manifest);
  const body = bodyOf(manifest);
  return {
    app,
    ref,
    body,
    bodyHash: hashOf(body),
    ignored,
    place: placeOf(manifest),
    live: undefined,
    baseline: undefined,
    verdict: UNKNOWN,
    health: UNKNOWN_HEALTH,
  };
}

/** Replaces what is desired of an object. Gives false when it is equal to what was. */
export function updateDesired(object: TrackedObject, manifest: Manifest, ignored: IgnoredFields): boolean {
  const body = bodyOf(manifest);
  const bodyHash = hashOf(body);
  if (bodyHash === object.bodyHash && JSON.stringify(ignored) === JSON.stringify(object.ignored)) {
    return false;
  }
  object.ignored = ignored;
  object.place = placeOf(manifest);
  object.body = body;
  object.bodyHash = bodyHash;
  object.baseline = undefined;
  return true;
}

/** What is kept of a live object. */
export function digestOf(live: KubeObject, apiVersion: string): LiveDigest {
  const { uid = '', resourceVersion = '' } = live.metadata;
  const whole = hashOf(canonicalJson(comparableOf(live)));
  const entry = findApplyEntry(live, FIELD_MANAGER, apiVersion);
  return entry === undefined
    ? { uid, resourceVersion, whole }
    : { uid, resourceVersion, whole, owned: ownedHash(live, entry), fieldSet: fieldSetHash(entry) };
}

/** The baseline of a live object that was found equal to what we want, given what applying ours would make of it. */
export function baselineOf(live: LiveDigest, applied: KubeObject, apiVersion: string): Baseline {
  const entry = findApplyEntry(applied, FIELD_MANAGER, apiVersion);
  const ownsAll = entry !== undefined && live.owned !== undefined && fieldSetHash(entry) === live.fieldSet;
  return ownsAll ? { whole: live.whole, owned: live.owned } : { whole: live.whole };
}

/** Whether the verdict on an object still holds for its live form. */
export function isVerified({ baseline, live, verdict }: TrackedObject): boolean {
  if (baseline === undefined || live === undefined || verdict.state === 'missing' || verdict.state === 'unknown') {
    return false;
  }
  const isUntouched = verdict.state === 'synced' && baseline.owned !== undefined && baseline.owned === live.owned;
  return baseline.whole === live.whole || isUntouched;
}

/** Whether a live form was already superseded by a newer one that we have seen of the same object. */
export function isOutdated(known: LiveDigest | undefined, { uid, resourceVersion }: KubeObject['metadata']): boolean {
  return known !== undefined && known.uid === uid && Number(resourceVersion) < Number(known.resourceVersion);
}

function placeOf(manifest: Manifest): ObjectPlace {
  const [stage, hook] = [stageOf(manifest), hookOf(manifest)];
  return { ...(stage !== 0 && { stage }), ...(hook !== undefined && { hook }) };
}

function bodyOf(manifest: Manifest): Buffer {
  return Buffer.from(canonicalJson(manifest), 'utf8');
}
