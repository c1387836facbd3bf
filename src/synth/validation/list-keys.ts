import { canonicalJson } from '../../app/canonical-json.js';
import { isFields, type Schema } from './open-api.js';

/** An item of a list that must not be there twice. */
export interface Repetition {
  readonly index: number;
  readonly message: string;
}

/** The items of a list that are the same as an earlier one: by the list's keys, or whole where the list is a set. */
export function findRepetitions(schema: Schema, item: Schema | undefined, values: readonly unknown[]): Repetition[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  const isSet = schema['x-kubernetes-list-type'] === 'set' || schema.uniqueItems === true;
  if (!isSet && (keys === undefined || keys.length === 0)) {
    return [];
  }
  const seen = new Map<string, number>();
  return values.flatMap((value, index) => {
    const identity = isSet || keys === undefined ? canonicalJson(value) : keysOf(keys, item, value);
    const first = identity === undefined ? undefined : seen.get(identity);
    if (identity !== undefined && first === undefined) {
      seen.set(identity, index);
    }
    const what = isSet || keys === undefined ? 'is' : `has the same ${keys.join(' and ')} as`;
    return first === undefined ? [] : [{ index, message: `${what} item ${first}${isSet ? ' again' : ''}` }];
  });
}

/** Undefined where keys are missing: something else is wrong then. */
function keysOf(keys: readonly string[], item: Schema | undefined, value: unknown): string | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const values = keys.map((key) => value[key] ?? item?.properties?.[key]?.default);
  return values.every((one) => one === undefined) ? undefined : canonicalJson(values);
}
