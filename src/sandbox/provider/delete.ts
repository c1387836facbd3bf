import { strangenessOf, type DeployedObject } from '../../app/ownership.js';
import { APP_LABEL } from '../../app/tracking.js';
import { parseCheckpoint } from './checkpoint.js';
import { stillThereError } from './cluster.js';
import type { ApiResource } from './discovery.js';
import { objectAt, textAt, type JsonObject } from './json.js';
import { kindOf, parseId, type Kind, type ObjectName } from './kind.js';
import { annotationOf } from './manifest.js';
import type { Session } from './session.js';
import { describeObject } from './target.js';

/** What the engine asks to be deleted. */
export interface DeleteInput {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly oldOutputs: JsonObject;
  /** Milliseconds; 0 when the program gives none. */
  readonly timeoutMs: number;
}

const DEFAULT_TIMEOUT_MS = 300_000;
/** How long to wait for an object with `pulumi.com/skipAwait`; after that its deletion goes on by itself. */
const SHORT_TIMEOUT_MS = 10_000;

/** Kinds that own other objects, which are to be gone first. */
const OWNERS = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
]);
const PROPAGATIONS: Readonly<Record<string, string>> = {
  foreground: 'Foreground',
  background: 'Background',
  orphan: 'Orphan',
};

/**
 * Deletes an object and waits until it is gone, but not for ever. One that is gone already is no failure, and neither is another one that has its
 * name now, which stays.
 * @throws StalledError `cluster/rejected` when it is still there at the deadline; names the finalizers that hold it
 */
export async function deleteResource(session: Session, input: DeleteInput): Promise<void> {
  const { live, inputs, fieldManager } = parseCheckpoint(input.oldOutputs);
  const kind = kindOf(live, input.type);
  const resource = await session.cluster.discovery.find(kind);
  if (resource === undefined) {
    return;
  }
  const id = parseId(input.id);
  const place: ObjectName = resource.namespaced
    ? { namespace: id.namespace ?? session.namespace, name: id.name }
    : { name: id.name };
  const now = await session.cluster.get(resource, place, session.signal);
  if (now === undefined || strangenessOf(now, deployedObject(live, inputs, fieldManager)) !== undefined) {
    return;
  }
  const isGone = await session.cluster.remove(
    resource,
    place,
    { propagation: propagationOf(kind, inputs), uid: textAt(objectAt(now, 'metadata'), 'uid') },
    session.signal,
  );
  if (!isGone) {
    await waitForIt(session, input, {
      kind,
      resource,
      place,
      isPatient: annotationOf(inputs, 'pulumi.com/skipAwait') !== 'true',
    });
  }
  if (kind.kind === 'CustomResourceDefinition') {
    session.cluster.discovery.forget(textAt(objectAt(live, 'spec'), 'group') ?? '');
  }
}

function deployedObject(live: JsonObject, inputs: JsonObject, manager: string | undefined): DeployedObject {
  const app = textAt(objectAt(objectAt(inputs, 'metadata'), 'labels'), APP_LABEL);
  const uid = textAt(objectAt(live, 'metadata'), 'uid');
  return {
    ...(app !== undefined && { app }),
    ...(uid !== undefined && { uid }),
    ...(manager !== undefined && { manager }),
  };
}

/** How the API server treats the objects that a deleted one owns. */
export function propagationOf(kind: Kind, inputs: JsonObject): string {
  const asked = annotationOf(inputs, 'pulumi.com/deletionPropagationPolicy');
  return PROPAGATIONS[asked?.toLowerCase() ?? ''] ?? (OWNERS.has(kind.kind) ? 'Foreground' : 'Background');
}

interface Deletion {
  readonly kind: Kind;
  readonly resource: ApiResource;
  readonly place: ObjectName;
  readonly isPatient: boolean;
}

async function waitForIt(
  session: Session,
  input: DeleteInput,
  { kind, resource, place, isPatient }: Deletion,
): Promise<void> {
  const timeoutMs = input.timeoutMs || (isPatient ? DEFAULT_TIMEOUT_MS : SHORT_TIMEOUT_MS);
  const left = await session.cluster.untilGone(resource, place, timeoutMs, session.signal);
  if (left !== undefined && isPatient) {
    throw stillThereError(describeObject(kind, place), left, timeoutMs);
  }
}
