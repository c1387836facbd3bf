import { isObject, objectAt, textAt, type JsonObject } from './json.js';
import { plainObjectOf } from './property-value.js';
import { withSecrets } from './secrets.js';

/** What the state holds of one object, as the official provider writes it: the live object, and three fields beside it. */
export interface Checkpoint {
  readonly live: JsonObject;
  readonly inputs: JsonObject;
  readonly initialApiVersion?: string;
  readonly fieldManager?: string;
}

const INPUTS = '__inputs';
const INITIAL_API_VERSION = '__initialApiVersion';
const FIELD_MANAGER = '__fieldManager';

/**
 * Builds the outputs of a resource.
 * @param source the inputs as the engine sent them, with their secrets marked
 */
export function checkpointOutputs(checkpoint: Checkpoint, source: JsonObject): JsonObject {
  const withData = shareStringData(source);
  return {
    ...withSecrets(checkpoint.live, withData),
    [INPUTS]: withSecrets(checkpoint.inputs, withData),
    [INITIAL_API_VERSION]: checkpoint.initialApiVersion ?? textAt(checkpoint.live, 'apiVersion') ?? '',
    ...(checkpoint.fieldManager === undefined ? {} : { [FIELD_MANAGER]: checkpoint.fieldManager }),
  };
}

/** Reads the outputs of a resource; secrets are unwrapped. */
export function parseCheckpoint(outputs: JsonObject): Checkpoint {
  const live = plainObjectOf(outputs);
  const inputs = objectAt(live, INPUTS);
  const initialApiVersion = textAt(live, INITIAL_API_VERSION);
  const fieldManager = textAt(live, FIELD_MANAGER);
  for (const key of [INPUTS, INITIAL_API_VERSION, FIELD_MANAGER]) {
    delete live[key];
  }
  return {
    live,
    inputs,
    ...(initialApiVersion === undefined ? {} : { initialApiVersion }),
    ...(fieldManager === undefined ? {} : { fieldManager }),
  };
}

/** What is secret in `stringData` is secret in `data`, where the server puts it. */
function shareStringData(source: JsonObject): JsonObject {
  const { stringData, data } = source;
  return isObject(stringData) && data === undefined ? { ...source, data: stringData } : source;
}
