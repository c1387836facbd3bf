import { canonicalJson } from '../app/canonical-json.js';
import { findQuantity } from '../app/quantity.js';

/** Fields of an object whose types are not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether the value is a map. */
export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value as fields; anything else has none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The value as a list; anything else has no items. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The object with the value at a path replaced, where there is one. */
export function mapAt(object: Fields, path: readonly string[], map: (value: unknown) => unknown): Fields {
  const [key = '', ...rest] = path;
  const value = object[key];
  if (value === undefined) {
    return object;
  }
  return { ...object, [key]: rest.length === 0 ? map(value) : mapAt(fieldsOf(value), rest, map) };
}

/** The fields without those that have exactly their default. */
export function withoutDefaults(fields: Fields, defaults: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([key, value]) => !Object.hasOwn(defaults, key) || canonicalJson(value) !== canonicalJson(defaults[key]),
    ),
  );
}

/** A map of quantities with each as a number, so that `0.5` and `500m` are the same. */
export function normalQuantities(amounts: unknown): Fields {
  return Object.fromEntries(Object.entries(fieldsOf(amounts)).map(([key, amount]) => [key, numberOf(amount)]));
}

function numberOf(amount: unknown): unknown {
  const number = findQuantity(amount);
  return number === undefined ? amount : Number(number.toPrecision(15));
}
