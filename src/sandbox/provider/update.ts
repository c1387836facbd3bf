import { ProdeskError } from '../../base/errors.js';
import type { ApiAnswer } from './api-client.js';
import { checkpointOutputs, parseCheckpoint } from './checkpoint.js';
import { objectOf, type ApplyOptions } from './cluster.js';
import { unknownKindError, type ApiResource } from './discovery.js';
import { isObject, textAt, valueAt, type Json, type JsonObject } from './json.js';
import { apiVersionOf, parseId, type ObjectName } from './kind.js';
import { placedAt } from './manifest.js';
import { fieldManagerOf } from './naming.js';
import { parsePath, type PropertyPath } from './property-path.js';
import { hasUnknown } from './property-value.js';
import type { Session } from './session.js';
import { describeObject, isForced, placeOf, subjectOf, type ResourceRequest, type Subject } from './target.js';

/** What the engine asks to be updated. */
export interface UpdateInput extends ResourceRequest {
  readonly id: string;
  readonly oldOutputs: JsonObject;
  /** Property paths that stay as they are in the cluster. */
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
}

interface Target {
  readonly subject: Subject;
  readonly resource: ApiResource;
  readonly place: ObjectName;
  /** The field manager of the object so far. */
  readonly oldManager: string | undefined;
  readonly manager: string;
}

/**
 * Updates an object in place by server-side apply; one that is gone is created again.
 * @returns the new outputs
 * @throws as {@link createResource}
 */
export async function updateResource(session: Session, input: UpdateInput): Promise<JsonObject> {
  const subject = subjectOf(input);
  if (input.preview && hasUnknown(input.inputs)) {
    return input.inputs;
  }
  const old = parseCheckpoint(input.oldOutputs);
  try {
    const target = await targetOf(session, input, subject, old.fieldManager);
    const live = await applyTo(session, input, target);
    return checkpointOutputs(
      {
        live,
        inputs: subject.plain,
        initialApiVersion: old.initialApiVersion ?? textAt(old.live, 'apiVersion') ?? apiVersionOf(subject.kind),
        fieldManager: target.manager,
      },
      input.inputs,
    );
  } catch (error) {
    if (
      input.preview &&
      error instanceof ProdeskError &&
      ['cluster/unreachable', 'cluster/denied', 'cluster/kind-unknown'].includes(error.code)
    ) {
      return input.inputs;
    }
    throw error;
  }
}

async function targetOf(
  session: Session,
  input: UpdateInput,
  subject: Subject,
  oldManager: string | undefined,
): Promise<Target> {
  const resource = input.preview
    ? await session.cluster.discovery.find(subject.kind)
    : await session.cluster.resource(subject.kind, session.signal);
  if (resource === undefined) {
    throw unknownKindError(subject.kind);
  }
  const place = placeOf(subject.manifest, resource, parseId(input.id), session.namespace);
  return { subject, resource, place, oldManager, manager: fieldManagerOf(subject.manifest, oldManager, input.urn) };
}

async function applyTo(session: Session, input: UpdateInput, target: Target): Promise<JsonObject> {
  const { subject, resource, place, manager, oldManager } = target;
  const options: ApplyOptions = {
    manager,
    force: isForced(subject.manifest, session.settings.force),
    dryRun: input.preview,
    signal: session.signal,
  };
  const body = await withIgnored(session, input, target);
  let answer = await session.cluster.apply(resource, place, body, options);
  const isRenamed = oldManager !== undefined && oldManager !== manager;
  if (isRenamed && isConflictWith(answer, oldManager)) {
    answer = await session.cluster.apply(resource, place, body, { ...options, force: true });
  }
  const live = objectOf(answer, describeObject(subject.kind, place));
  if (isRenamed && !input.preview) {
    const identity = placedAt({ apiVersion: apiVersionOf(subject.kind), kind: subject.kind.kind }, place);
    const left = await session.cluster.apply(resource, place, identity, {
      manager: oldManager,
      force: false,
      signal: session.signal,
    });
    return objectOf(left, describeObject(subject.kind, place));
  }
  return live;
}

/** A manager that was renamed is in conflict with its own old name only. */
function isConflictWith(answer: ApiAnswer, manager: string): boolean {
  const causes = answer.ok ? [] : answer.refusal.causes.filter((cause) => cause.reason === 'FieldManagerConflict');
  return causes.length > 0 && causes.every((cause) => cause.message.includes(`"${manager}"`));
}

/** Ignored paths get the live value: equal values are no conflict, and leaving a field out would remove it. */
async function withIgnored(
  session: Session,
  input: UpdateInput,
  { subject, resource, place }: Target,
): Promise<JsonObject> {
  const body = placedAt(subject.manifest, place);
  const paths = input.ignoreChanges.map(parsePath).filter((path) => !path.includes('*'));
  if (paths.length === 0) {
    return body;
  }
  const live = (await session.cluster.get(resource, place, session.signal)) ?? {};
  return paths.reduce<JsonObject>((object, path) => setAt(object, path, valueAt(live, path)) as JsonObject, body);
}

/** A copy with the value at a path replaced, or removed when it is undefined. Paths that lead nowhere change nothing. */
export function setAt(root: Json, [step, ...rest]: PropertyPath, value: Json | undefined): Json {
  if (Array.isArray(root) && typeof step === 'number' && step < root.length) {
    return root.map((item, index) =>
      index === step ? (rest.length === 0 ? (value ?? item) : setAt(item, rest, value)) : item,
    );
  }
  if (!isObject(root) || typeof step !== 'string') {
    return root;
  }
  const copy = { ...root };
  const inner = copy[step];
  if (rest.length > 0) {
    if (inner !== undefined) {
      copy[step] = setAt(inner, rest, value);
    }
  } else if (value === undefined) {
    delete copy[step];
  } else {
    copy[step] = value;
  }
  return copy;
}
