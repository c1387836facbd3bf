/** A value as JSON has it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** An object as JSON has it: a Kubernetes object, or a part of one. */
export interface JsonObject {
  [key: string]: Json;
}

/** Whether a value is an object, and neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a key, or an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** The text at a key, or undefined when there is none or it is empty. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value at a path of keys and indexes, or undefined. */
export function valueAt(root: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((value, step) => {
    if (typeof step === 'number') {
      return Array.isArray(value) ? value[step] : undefined;
    }
    return isObject(value) ? value[step] : undefined;
  }, root);
}

/** Whether two values are equal; the order of keys does not count. */
export function isEqual(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => isEqual(left[key], right[key]));
  }
  return false;
}
