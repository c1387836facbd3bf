import { isObject, type Json, type JsonObject } from './json.js';

// Markers of the Pulumi wire format: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';
const RESOURCE = '5cf8f73096256a8f31e491e813e4eb8e';
/** What the engine sends in the place of a value that is not known during a preview. Numbers, lists and the rest have markers of their own. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const UNKNOWNS = new Set<Json>([
  UNKNOWN,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
]);

/** Wraps a value so that the engine encrypts it in the state and hides it in its output. */
export function secretOf(value: Json): JsonObject {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Whether a value is wrapped as a secret. */
export function isSecret(value: Json | undefined): value is JsonObject {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** Whether a value is a secret or has one inside. */
export function hasSecret(value: Json | undefined): boolean {
  return some(
    value,
    (item) => isSecret(item) || (isObject(item) && item[SIGNATURE] === OUTPUT && item['secret'] === true),
  );
}

/** Whether a value is unknown or has an unknown one inside. */
export function hasUnknown(value: Json | undefined): boolean {
  return some(
    value,
    (item) => UNKNOWNS.has(item) || (isObject(item) && item[SIGNATURE] === OUTPUT && !('value' in item)),
  );
}

/** The plain value: secrets and outputs are unwrapped, resource references become identifiers, null fields are left out. */
export function plainOf(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(plainOf);
  }
  if (!isObject(value)) {
    return value;
  }
  const signature = value[SIGNATURE];
  if (signature === SECRET || (signature === OUTPUT && 'value' in value)) {
    return plainOf(value['value'] ?? null);
  }
  if (signature === OUTPUT) {
    return UNKNOWN;
  }
  return signature === RESOURCE ? plainOf(value['id'] ?? null) : plainObjectOf(value);
}

/** {@link plainOf} for an object. */
export function plainObjectOf(value: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== null) {
      result[wireNameOf(key)] = plainOf(item);
    }
  }
  return result;
}

/** SDKs cannot write dashes in property names; the schema keywords of CRDs have them. */
function wireNameOf(key: string): string {
  return key.startsWith('x_kubernetes_') ? key.replaceAll('_', '-') : key;
}

function some(value: Json | undefined, test: (value: Json) => boolean): boolean {
  if (value === undefined || value === null) {
    return false;
  }
  if (test(value)) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some((item) => some(item, test));
  }
  return isObject(value) && Object.values(value).some((item) => some(item, test));
}
