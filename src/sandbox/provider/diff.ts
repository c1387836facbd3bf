import { ProdeskError } from '../../base/errors.js';
import type { ApiAnswer } from './api-client.js';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { immutableFieldsOf, isNamedBy, needsNewObject, probablyNeedsNewObject } from './immutable-fields.js';
import { isEqual, isObject, objectAt, valueAt, type JsonObject } from './json.js';
import { parseId, type Kind } from './kind.js';
import { manifestOf, nameIn, namespaceIn, placedAt } from './manifest.js';
import { fieldManagerOf, isAutonamed } from './naming.js';
import { ownedFieldsOf } from './owned-fields.js';
import { formatPath, isWithin, parsePath } from './property-path.js';
import { hasUnknown, plainObjectOf } from './property-value.js';
import { pruneTo } from './prune.js';
import type { Session } from './session.js';
import { differencesOf, type Difference } from './structural-diff.js';
import { isForced, placeOf, subjectOf, type ResourceRequest } from './target.js';

/** What the engine asks to be compared. */
export interface DiffInput extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: JsonObject;
  readonly oldOutputs: JsonObject;
  /** Property paths whose changes do not count. */
  readonly ignoreChanges: readonly string[];
}

/** One changed property. */
export interface PropertyChange {
  readonly path: string;
  readonly kind: Difference['kind'];
  /** The object has to be made anew. */
  readonly replace: boolean;
}

/** What an update would change. */
export interface DiffOutput {
  readonly changes: readonly PropertyChange[];
  readonly deleteBeforeReplace: boolean;
}

interface Sides {
  readonly kind: Kind;
  readonly old: Checkpoint;
  readonly oldManifest: JsonObject;
  readonly newManifest: JsonObject;
}

type Judgement = (difference: Difference) => 'same' | 'update' | 'replace';

/**
 * Compares the new inputs with the live object as the state has it, so that drift that a refresh recorded is seen.
 * When they differ, the API server says by a dry run whether applying would really change anything, and whether it may.
 */
export async function diffResource(session: Session, input: DiffInput): Promise<DiffOutput> {
  const sides = sidesOf(input);
  const ignored = input.ignoreChanges.map(parsePath);
  const differences = structuralDifferences(sides).filter(
    ({ path }) => !ignored.some((prefix) => isWithin(path, prefix)),
  );
  if (differences.length === 0) {
    return { changes: [], deleteBeforeReplace: false };
  }
  const judge = await judgementOf(session, input, sides, differences);
  const changes = differences
    .map((difference) => ({ difference, verdict: judge(difference) }))
    .filter(({ verdict }) => verdict !== 'same')
    .map(({ difference, verdict }) => ({
      path: formatPath(shownPath(difference, input)),
      kind: difference.kind,
      replace: verdict === 'replace',
    }));
  return { changes, deleteBeforeReplace: changes.some(({ replace }) => replace) && keepsName(sides) };
}

function sidesOf(input: DiffInput): Sides {
  const { kind, manifest } = subjectOf(input);
  const old = parseCheckpoint(input.oldOutputs);
  const oldInputs = plainObjectOf(input.oldInputs);
  const oldManifest = manifestOf(Object.keys(oldInputs).length > 0 ? oldInputs : old.inputs, kind);
  return { kind, old, oldManifest, newManifest: manifest };
}

/** Where the new manifest differs from what the live object has in the fields that the old manifest names. */
function structuralDifferences({ kind, old, oldManifest, newManifest }: Sides): Difference[] {
  const pruned = pruneTo(manifestOf(old.live, kind), oldManifest, ownedFieldsOf(old.live, old.fieldManager ?? ''));
  const [before, after] = [pruned, newManifest].map((object) => withCanonicalNamespace(object, old.live));
  return differencesOf(before, after);
}

function withCanonicalNamespace(object: JsonObject, live: JsonObject): JsonObject {
  const metadata = { ...objectAt(object, 'metadata') };
  if (namespaceIn(live) === undefined) {
    delete metadata['namespace'];
  } else {
    metadata['namespace'] ??= 'default';
  }
  return { ...object, metadata };
}

async function judgementOf(
  session: Session,
  input: DiffInput,
  sides: Sides,
  differences: readonly Difference[],
): Promise<Judgement> {
  const isFixed = ({ path }: Difference): boolean =>
    needsNewObject(path, sides.kind, sides.old.live, session.settings.mutable);
  if (differences.some(isFixed)) {
    return (difference) => (isFixed(difference) ? 'replace' : 'update');
  }
  const answer = hasUnknown(sides.newManifest) ? undefined : await dryRun(session, input, sides);
  if (answer === undefined) {
    return ({ path }) => (probablyNeedsNewObject(path, sides.kind) ? 'replace' : 'update');
  }
  return answer.ok
    ? judgeByResult(sides, answer.body as JsonObject, input)
    : judgeByRefusal(answer, differences, sides);
}

/** What applying would give; undefined when the API server cannot be asked. The update itself then says why. */
async function dryRun(session: Session, input: DiffInput, sides: Sides): Promise<ApiAnswer | undefined> {
  try {
    const resource = await session.cluster.discovery.find(sides.kind);
    if (resource === undefined) {
      return undefined;
    }
    const place = placeOf(sides.newManifest, resource, parseId(input.id), session.namespace);
    return await session.cluster.apply(resource, place, placedAt(sides.newManifest, place), {
      manager: managerOf(sides, input),
      force: isForced(sides.newManifest, session.settings.force),
      dryRun: true,
      signal: session.signal,
    });
  } catch (error) {
    if (error instanceof ProdeskError && error.disposition !== 'cancelled') {
      return undefined;
    }
    throw error;
  }
}

function judgeByResult(sides: Sides, result: JsonObject, input: DiffInput): Judgement {
  const { kind, old, oldManifest, newManifest } = sides;
  const manager = managerOf(sides, input);
  const [ownedBefore, ownedAfter] = [ownedFieldsOf(old.live, manager), ownedFieldsOf(result, manager)];
  const before = pruneTo(manifestOf(old.live, kind), newManifest, ownedAfter);
  const after = pruneTo(manifestOf(result, kind), newManifest, ownedAfter);
  const effective = differencesOf(before, after);
  if (effective.length === 0 && isEqual(ownedBefore, ownedAfter)) {
    return () => 'same';
  }
  const real = [...effective, ...differencesOf(oldManifest, newManifest)];
  const isReal = ({ path }: Difference): boolean =>
    real.length === 0 || real.some((other) => isWithin(other.path, path) || isWithin(path, other.path));
  return (difference) => (isReal(difference) ? 'update' : 'same');
}

function judgeByRefusal(
  answer: ApiAnswer & { ok: false },
  differences: readonly Difference[],
  { kind }: Sides,
): Judgement {
  if (answer.refusal.status !== 422) {
    return ({ path }) => (probablyNeedsNewObject(path, kind) ? 'replace' : 'update');
  }
  const fields = immutableFieldsOf(answer.refusal);
  if (fields.length === 0) {
    return () => 'update';
  }
  const isNamed = ({ path }: Difference): boolean => isNamedBy(path, fields);
  const isBlamed = differences.some(isNamed) ? isNamed : ({ path }: Difference): boolean => path[0] !== 'metadata';
  return (difference) => (isBlamed(difference) ? 'replace' : 'update');
}

function managerOf(sides: Sides, input: DiffInput): string {
  return fieldManagerOf(sides.newManifest, sides.old.fieldManager, input.urn);
}

/** Two objects cannot have one name at the same time. */
function keepsName({ old, newManifest }: Sides): boolean {
  const isSameNamespace = (namespaceIn(newManifest) ?? 'default') === (namespaceIn(old.live) ?? 'default');
  const isSameName = nameIn(newManifest) === nameIn(old.live);
  return !isAutonamed(newManifest) && isSameName && (isSameNamespace || namespaceIn(old.live) === undefined);
}

/** The path as the program wrote it: `stringData.x`, where the comparison looked at `data.x`. */
function shownPath({ path }: Difference, input: DiffInput): Difference['path'] {
  const [first, key] = path;
  if (first !== 'data' || typeof key !== 'string') {
    return path;
  }
  const isWritten = [input.inputs, input.oldInputs].some((inputs) => {
    const stringData = valueAt(plainObjectOf(inputs), ['stringData']);
    return isObject(stringData) && key in stringData;
  });
  return isWritten ? ['stringData', ...path.slice(1)] : path;
}
