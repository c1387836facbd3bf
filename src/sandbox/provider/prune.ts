import { isEqual, isObject, type Json, type JsonObject } from './json.js';
import { listKindOf, ownedElement } from './owned-fields.js';

/**
 * The part of a live object that has a counterpart in `shape`: what the API server and others added is left out.
 * Elements of keyed lists are put in the order of `shape`.
 * @param owned the fields that the manager of `shape` owns, which tell keyed lists from atomic ones; undefined where not known
 */
export function pruneTo(live: JsonObject, shape: JsonObject, owned: JsonObject | undefined): JsonObject {
  const result: JsonObject = {};
  for (const [key, wanted] of Object.entries(shape)) {
    const value = live[key];
    if (value !== undefined) {
      const below = owned?.[`f:${key}`];
      result[key] = pruneValue(value, wanted, isObject(below) ? below : undefined);
    }
  }
  return result;
}

function pruneValue(live: Json, shape: Json, owned: JsonObject | undefined): Json {
  if (isObject(live) && isObject(shape)) {
    return pruneTo(live, shape, owned);
  }
  return Array.isArray(live) && Array.isArray(shape) ? pruneList(live, shape, owned) : live;
}

function pruneList(live: readonly Json[], shape: readonly Json[], owned: JsonObject | undefined): Json[] {
  const list = listKindOf(owned);
  switch (list.kind) {
    case 'keyed':
      return pruneKeyed(live, shape, list.keys, owned);
    case 'set':
      return shape.filter((wanted) => live.some((item) => isEqual(item, wanted)));
    case 'atomic':
      return pruneByIndex(live, shape);
    case 'unknown':
      return isNamed(live) && isNamed(shape) ? pruneKeyed(live, shape, ['name'], undefined) : pruneByIndex(live, shape);
  }
}

function pruneByIndex(live: readonly Json[], shape: readonly Json[]): Json[] {
  return live.map((item, index) => {
    const wanted = shape[index];
    return wanted === undefined ? item : pruneValue(item, wanted, undefined);
  });
}

function pruneKeyed(
  live: readonly Json[],
  shape: readonly Json[],
  keys: readonly string[],
  owned: JsonObject | undefined,
): Json[] {
  const left = live.filter(isObject);
  const result: Json[] = [];
  for (const wanted of shape.filter(isObject)) {
    const index = left.findIndex((item) => keys.every((key) => wanted[key] === undefined || wanted[key] === item[key]));
    const [item] = index < 0 ? [] : left.splice(index, 1);
    if (item !== undefined) {
      result.push(pruneTo(item, wanted, ownedElement(owned, item, keys)));
    }
  }
  return result;
}

function isNamed(list: readonly Json[]): boolean {
  const names = list.map((item) => (isObject(item) ? item['name'] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}
