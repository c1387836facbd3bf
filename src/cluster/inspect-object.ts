import { describeRef } from '../app/manifest.js';
import { FIELD_MANAGER } from '../app/tracking.js';
import { messageOf } from '../base/errors.js';
import type { KubeClient } from './client.js';
import { differingPointers, pointersOfCauses, withoutIgnored } from './compare.js';
import { objectPath, type Discovery } from './discovery.js';
import { findStatus } from './failure.js';
import type { KubeObject } from './kube-object.js';
import { findWriter } from './managed-fields.js';
import { baselineOf, digestOf, SYNCED, type Baseline, type TrackedObject, type Verdict } from './tracked-object.js';

/** An object that changes between being read and being compared is read again, at most this often. */
const MAX_READS = 3;

/** What an inspection found. */
export type Inspection =
  | { readonly kind: 'missing' }
  | { readonly kind: 'kind-unknown'; readonly problem: string }
  /** The verdict that we had still holds. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'compared'; readonly verdict: Verdict; readonly baseline: Baseline };

/** What {@link inspectObject} needs. */
export interface InspectOptions {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  /** Called with the live object as soon as it was read. Gives whether the verdict on it still holds. */
  readonly onLive: (live: KubeObject) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads an object and, unless the verdict on it still holds, lets the API server say what applying ours would change.
 * @throws ProdeskError when the object cannot be read or compared
 */
export async function inspectObject(object: TrackedObject, options: InspectOptions): Promise<Inspection> {
  const { client, discovery, onLive, signal } = options;
  const { ref, body } = object;
  const type = await discovery.find(ref.apiVersion, ref.kind, signal);
  if (type === undefined) {
    return {
      kind: 'kind-unknown',
      problem: `the API server has no ${ref.apiVersion} ${ref.kind}; is its CRD installed?`,
    };
  }
  if (type.isNamespaced && ref.namespace === undefined) {
    return { kind: 'kind-unknown', problem: `${describeRef(ref)} has no namespace; set metadata.namespace` };
  }
  const path = objectPath(type, ref);
  for (let reads = 1; ; reads += 1) {
    const live = await client.get(path, signal);
    if (live === undefined) {
      return { kind: 'missing' };
    }
    if (onLive(live)) {
      return { kind: 'unchanged' };
    }
    const outcome = await dryRun(client, path, body, signal);
    const isSame = outcome.kind === 'refused' || versionOf(outcome.applied) === versionOf(live);
    if (isSame || reads === MAX_READS) {
      return judge(live, outcome, object);
    }
  }
}

type DryRun =
  | { readonly kind: 'applied'; readonly applied: KubeObject }
  /** Some fields cannot be applied, such as immutable ones. */
  | { readonly kind: 'refused'; readonly pointers: readonly string[]; readonly problem: string };

async function dryRun(client: KubeClient, path: string, body: Buffer, signal: AbortSignal): Promise<DryRun> {
  try {
    const options = { fieldManager: FIELD_MANAGER, force: true, dryRun: true, signal };
    return { kind: 'applied', applied: await client.apply(path, body, options) };
  } catch (error) {
    const status = findStatus(error);
    if (status?.code !== 422) {
      throw error;
    }
    return { kind: 'refused', pointers: pointersOfCauses(status.causes), problem: messageOf(error) };
  }
}

function judge(live: KubeObject, outcome: DryRun, { ref, ignored }: TrackedObject): Inspection {
  const digest = digestOf(live, ref.apiVersion);
  if (outcome.kind === 'refused') {
    const { pointers, problem } = outcome;
    const verdict: Verdict = { state: 'drifted', drift: pointers, problem };
    return { kind: 'compared', verdict, baseline: { whole: digest.whole } };
  }
  const differing = differingPointers(live, withoutIgnored(outcome.applied, live, ignored.pointers), ref.kind);
  const others = differing.filter((pointer) =>
    ignored.managers.includes(findWriter(live, pointer, FIELD_MANAGER) ?? FIELD_MANAGER),
  );
  const drift = differing.filter((pointer) => !others.includes(pointer));
  const left = others.length === 0 ? {} : { ignored: others };
  if (drift.length === 0) {
    return {
      kind: 'compared',
      verdict: { ...SYNCED, ...left },
      baseline: baselineOf(digest, outcome.applied, ref.apiVersion),
    };
  }
  const writer = drift
    .map((pointer) => findWriter(live, pointer, FIELD_MANAGER))
    .find((manager) => manager !== undefined);
  const verdict: Verdict = {
    state: 'drifted',
    drift,
    ...left,
    ...(writer === undefined ? {} : { driftManager: writer }),
  };
  return { kind: 'compared', verdict, baseline: { whole: digest.whole } };
}

function versionOf(object: KubeObject): string | undefined {
  return object.metadata.resourceVersion;
}
