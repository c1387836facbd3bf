import { messageOf, ProdeskError } from '../../base/errors.js';
import { isObject, objectAt, type JsonObject } from './json.js';
import { kindOf, parseTypeToken, type Kind } from './kind.js';
import { namespaceIn, nameIn } from './manifest.js';
import { withName, type NameSource } from './naming.js';
import { formatPath } from './property-path.js';
import { plainObjectOf } from './property-value.js';
import { withSecrets } from './secrets.js';
import type { Session } from './session.js';
import type { ResourceRequest } from './target.js';

/** What the engine asks to be checked. */
export interface CheckInput extends ResourceRequest {
  readonly oldInputs: JsonObject;
  readonly name: NameSource;
}

/** An input that cannot be right, by its property path. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}

/** The inputs with name and namespace filled in, and what is wrong with them. */
export interface CheckOutput {
  readonly inputs: JsonObject;
  readonly failures: readonly InputFailure[];
}

/** Checks the inputs of a resource and completes them. Asks the cluster only whether the kind has namespaces. */
export async function checkInputs(session: Session, input: CheckInput): Promise<CheckOutput> {
  const fromToken = parseTypeToken(input.type);
  const plain = plainObjectOf(input.inputs);
  const failures = failuresIn(plain, fromToken);
  if (failures.length > 0 || typeof plain['metadata'] === 'string') {
    return { inputs: input.inputs, failures };
  }
  const named = withName(plain, plainObjectOf(input.oldInputs), input.name);
  const kind = kindOf(named, input.type);
  const complete = await withNamespace(session, named, kind);
  if (nameIn(complete) === undefined && objectAt(complete, 'metadata')['generateName'] === undefined) {
    return {
      inputs: input.inputs,
      failures: [{ property: 'metadata.name', reason: 'automatic names are switched off; set a name' }],
    };
  }
  return { inputs: withSecrets(complete, input.inputs), failures: [] };
}

/** What the API server would refuse in words that do not help: wrong types where texts must be, another kind than the type says. */
export function failuresIn(plain: JsonObject, fromToken: Kind): InputFailure[] {
  const failures: InputFailure[] = [];
  const { kind, metadata } = plain;
  if (kind !== undefined && kind !== fromToken.kind) {
    failures.push({ property: 'kind', reason: `must be "${fromToken.kind}", as the resource's type says` });
  }
  if (metadata !== undefined && !isObject(metadata) && typeof metadata !== 'string') {
    failures.push({ property: 'metadata', reason: 'must be an object' });
  }
  for (const field of ['name', 'namespace', 'generateName']) {
    const value = objectAt(plain, 'metadata')[field];
    if (value !== undefined && typeof value !== 'string') {
      failures.push({ property: `metadata.${field}`, reason: 'must be a text' });
    }
  }
  for (const field of ['labels', 'annotations']) {
    for (const [key, value] of Object.entries(objectAt(objectAt(plain, 'metadata'), field))) {
      if (typeof value !== 'string') {
        failures.push({ property: formatPath(['metadata', field, key]), reason: 'must be a text: put it in quotes' });
      }
    }
  }
  return failures;
}

async function withNamespace(session: Session, inputs: JsonObject, kind: Kind): Promise<JsonObject> {
  if (namespaceIn(inputs) !== undefined) {
    return { ...inputs };
  }
  const resource = await session.cluster.discovery.find(kind).catch(ignoreUnreachable);
  if (resource?.namespaced !== true) {
    return { ...inputs };
  }
  return { ...inputs, metadata: { ...objectAt(inputs, 'metadata'), namespace: session.namespace } };
}

/** A check needs no cluster; what does will say that there is none. */
function ignoreUnreachable(error: unknown): undefined {
  if (error instanceof ProdeskError && error.code === 'cluster/unreachable') {
    return undefined;
  }
  throw error instanceof Error ? error : new Error(messageOf(error));
}
