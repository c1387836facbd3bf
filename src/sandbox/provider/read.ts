import { checkpointOutputs, parseCheckpoint } from './checkpoint.js';
import { isObject, textAt, type JsonObject } from './json.js';
import { kindOf, parseId } from './kind.js';
import { inputsOfLive, manifestOf } from './manifest.js';
import { fieldManagerOf } from './naming.js';
import { ownedFieldsOf } from './owned-fields.js';
import { plainObjectOf } from './property-value.js';
import { pruneTo } from './prune.js';
import { withSecrets } from './secrets.js';
import type { Session } from './session.js';
import type { ResourceRequest } from './target.js';

/** What the engine asks to be read. Inputs and outputs are empty for an import. */
export interface ReadInput extends ResourceRequest {
  readonly id: string;
  readonly oldOutputs: JsonObject;
}

/** A live object, as inputs that would give it and as what the state keeps of it. */
export interface ReadOutput {
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

/**
 * Reads the live object. The inputs are the live values of the fields that the old inputs name, so that drift becomes a difference.
 * @returns undefined when the object, or its kind, is gone
 * @throws TransientError `cluster/unreachable`, StalledError `cluster/denied`: never to be taken for "gone"
 */
export async function readResource(session: Session, input: ReadInput): Promise<ReadOutput | undefined> {
  const old = parseCheckpoint(input.oldOutputs);
  const plain = plainObjectOf(input.inputs);
  const oldInputs = Object.keys(plain).length > 0 ? plain : old.inputs;
  const kind = kindOf(textAt(oldInputs, 'kind') === undefined ? old.live : oldInputs, input.type);
  const resource = await session.cluster.discovery.find(kind);
  if (resource === undefined) {
    return undefined;
  }
  const { namespace = session.namespace, name } = parseId(input.id);
  const live = await session.cluster.get(resource, { namespace, name }, session.signal);
  if (live === undefined) {
    return undefined;
  }
  const isImport = !isObject(oldInputs['metadata']);
  const fieldManager = fieldManagerOf(oldInputs, old.fieldManager, input.urn);
  const inputs = isImport
    ? inputsOfLive(live, kind)
    : pruneTo(manifestOf(live, kind), manifestOf(oldInputs, kind), ownedFieldsOf(live, fieldManager));
  const outputs = checkpointOutputs(
    {
      live,
      inputs,
      fieldManager,
      ...(old.initialApiVersion === undefined ? {} : { initialApiVersion: old.initialApiVersion }),
    },
    input.inputs,
  );
  return { inputs: withSecrets(inputs, input.inputs), outputs };
}
