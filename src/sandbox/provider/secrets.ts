import { isObject, type Json, type JsonObject } from './json.js';
import { hasSecret, isSecret, secretOf } from './property-value.js';

/**
 * The object with everything marked that is secret in `source` at the same place; a list with a secret inside becomes
 * secret as a whole. The data of a Secret is always secret.
 */
export function withSecrets(object: JsonObject, source: JsonObject): JsonObject {
  const result = { ...object };
  if (object['kind'] === 'Secret') {
    markKeys(result, ['data', 'stringData']);
  }
  for (const [key, from] of Object.entries(source)) {
    const to = result[key];
    if (to === undefined || isSecret(to)) {
      continue;
    }
    if (isObject(to) && isObject(from) && !isSecret(from)) {
      result[key] = withSecrets(to, from);
    } else if (hasSecret(from)) {
      result[key] = secretOf(to);
    }
  }
  return result;
}

/** The texts that must never be shown: values that are secret in the inputs, and the data of a Secret, plain and decoded. */
export function secretTextsOf(inputs: JsonObject): string[] {
  const found: string[] = [];
  collect(inputs, false, found);
  if (inputs['kind'] === 'Secret') {
    collect(inputs['data'] ?? null, true, found);
    collect(inputs['stringData'] ?? null, true, found);
    for (const text of [...found]) {
      found.push(Buffer.from(text, 'base64').toString('utf8'));
    }
  }
  return found;
}

function markKeys(object: JsonObject, keys: readonly string[]): void {
  for (const key of keys) {
    const value = object[key];
    if (value !== undefined) {
      object[key] = secretOf(value);
    }
  }
}

function collect(value: Json, secret: boolean, found: string[]): void {
  if (typeof value === 'string' && secret) {
    found.push(value);
  } else if (Array.isArray(value)) {
    value.forEach((item) => collect(item, secret, found));
  } else if (isObject(value)) {
    const inside: Json[] = isSecret(value) ? [value['value'] ?? null] : Object.values(value);
    inside.forEach((item) => collect(item, secret || isSecret(value), found));
  }
}
