import { ProdeskError, StalledError } from '../../base/errors.js';
import type { ApiAnswer } from './api-client.js';
import { checkpointOutputs } from './checkpoint.js';
import { objectOf, stillThereError } from './cluster.js';
import type { ApiResource } from './discovery.js';
import { objectAt, textAt, type JsonObject } from './json.js';
import { idOf, type ObjectName } from './kind.js';
import { manifestOf, nameIn, namespaceIn, placedAt } from './manifest.js';
import { fieldManagerOf } from './naming.js';
import { hasUnknown } from './property-value.js';
import type { Session } from './session.js';
import { describeObject, isForced, placeOf, subjectOf, type ResourceRequest, type Subject } from './target.js';

/** What the engine asks to be created. */
export interface CreateInput extends ResourceRequest {
  readonly preview: boolean;
  /** Milliseconds; 0 when the program gives none. */
  readonly timeoutMs: number;
}

/** A created object: its identifier and what the state keeps of it. */
export interface CreateOutput {
  /** Empty in a preview. */
  readonly id: string;
  readonly outputs: JsonObject;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Creates an object by server-side apply.
 * @throws StalledError `cluster/conflict` when it exists already and adoption is off, `cluster/kind-unknown`, `cluster/rejected`, `cluster/denied`; TransientError `cluster/unreachable`
 */
export async function createResource(session: Session, input: CreateInput): Promise<CreateOutput> {
  const subject = subjectOf(input);
  if (input.preview) {
    return { id: '', outputs: await previewCreation(session, input, subject) };
  }
  const resource = await session.cluster.resource(subject.kind, session.signal);
  const place = placeOf(subject.manifest, resource, undefined, session.namespace);
  const manager = fieldManagerOf(subject.manifest, undefined, input.urn);
  const live = await createLive(session, input, { subject, resource, place, manager });
  const id = idOf({
    name: nameIn(live) ?? place.name,
    ...(namespaceIn(live) === undefined ? {} : { namespace: namespaceIn(live) ?? '' }),
  });
  return { id, outputs: checkpointOutputs({ live, inputs: subject.plain, fieldManager: manager }, input.inputs) };
}

interface Creation {
  readonly subject: Subject;
  readonly resource: ApiResource;
  readonly place: ObjectName;
  readonly manager: string;
}

async function createLive(session: Session, input: CreateInput, creation: Creation): Promise<JsonObject> {
  const { subject, resource, place, manager } = creation;
  const label = describeObject(subject.kind, place);
  const options = { manager, force: isForced(subject.manifest, session.settings.force), signal: session.signal };
  if (place.name === '') {
    return objectOf(await session.cluster.create(resource, place.namespace, subject.manifest, options), label);
  }
  if (!session.settings.upsert) {
    await refuseExisting(session, input, creation);
  }
  const apply = async (): Promise<JsonObject> =>
    objectOf(await session.cluster.apply(resource, place, placedAt(subject.manifest, place), options), label);
  const live = await apply();
  if (isDying(live)) {
    await untilGone(session, input, creation);
    return apply();
  }
  return subject.kind.kind === 'CustomResourceDefinition' ? established(session, creation, live) : live;
}

async function refuseExisting(session: Session, input: CreateInput, creation: Creation): Promise<void> {
  const { subject, resource, place } = creation;
  const existing = await session.cluster.get(resource, place, session.signal);
  if (existing === undefined) {
    return;
  }
  if (isDying(existing)) {
    await untilGone(session, input, creation);
    return;
  }
  throw new StalledError(
    'cluster/conflict',
    `${describeObject(subject.kind, place)} already exists and is not part of this stack: adopt it with the provider option upsertExistingObjects, ` +
      `import it (pulumi import ${input.type} NAME ${idOf(place)}), or delete it`,
  );
}

async function untilGone(session: Session, input: CreateInput, { subject, resource, place }: Creation): Promise<void> {
  const timeoutMs = input.timeoutMs || DEFAULT_TIMEOUT_MS;
  const left = await session.cluster.untilGone(resource, place, timeoutMs, session.signal);
  if (left !== undefined) {
    throw stillThereError(describeObject(subject.kind, place), left, timeoutMs);
  }
}

/** Waits for the kinds of a new CRD, so that objects that depend on it can follow at once. A slow one is no failure. */
async function established(
  session: Session,
  { subject, resource, place }: Creation,
  live: JsonObject,
): Promise<JsonObject> {
  const served = await session.cluster.untilEstablished(resource, place, DEFAULT_TIMEOUT_MS, session.signal);
  session.cluster.discovery.forget(textAt(objectAt(subject.manifest, 'spec'), 'group') ?? '');
  return served ?? live;
}

/** What a creation would give, as far as that can be known; else the inputs. Reports what the API server would refuse. */
async function previewCreation(session: Session, input: CreateInput, subject: Subject): Promise<JsonObject> {
  if (hasUnknown(input.inputs)) {
    return input.inputs;
  }
  const answer = await dryRun(session, input, subject);
  if (answer === undefined || (!answer.ok && !isMistake(answer))) {
    return input.inputs;
  }
  const result = objectOf(answer, describeObject(subject.kind, { name: nameIn(subject.manifest) ?? '' }));
  const live = manifestOf(result, subject.kind);
  delete live['status'];
  return checkpointOutputs({ live, inputs: subject.plain }, input.inputs);
}

async function dryRun(session: Session, input: CreateInput, subject: Subject): Promise<ApiAnswer | undefined> {
  try {
    const resource = await session.cluster.discovery.find(subject.kind);
    if (resource === undefined) {
      return undefined;
    }
    const place = placeOf(subject.manifest, resource, undefined, session.namespace);
    const body = place.name === '' ? subject.manifest : placedAt(subject.manifest, place);
    return await session.cluster.create(resource, place.namespace, body, {
      manager: fieldManagerOf(subject.manifest, undefined, input.urn),
      force: false,
      dryRun: true,
      signal: session.signal,
    });
  } catch (error) {
    if (error instanceof ProdeskError && error.code === 'cluster/unreachable') {
      return undefined;
    }
    throw error;
  }
}

/** Whether the object itself is wrong; a missing namespace, an old object in the way or a webhook may be right by the time of the update. */
function isMistake(answer: ApiAnswer & { ok: false }): boolean {
  const { status, message } = answer.refusal;
  return status === 422 || (status === 400 && !/dry.?run/i.test(message));
}

function isDying(object: JsonObject): boolean {
  return objectAt(object, 'metadata')['deletionTimestamp'] !== undefined;
}
