import type { CodeValue } from '../code.js';
import { fieldsOf } from '../normal-fields.js';

/** Properties of a construct, and the names from `src/constructs` that they use. */
export interface Props {
  readonly props: Readonly<Record<string, CodeValue>>;
  readonly uses: readonly string[];
}

/** The value where it is text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value where it is a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A quantity as text: manifests may write `cpu: 1` as a number. */
export function amountOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : textOf(value);
}

/** The value where it is true or false. */
export function flagOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A JSON value as it is; undefined where it is an empty map or list, or not there. */
export function wholeOf(value: unknown): CodeValue {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
    ? undefined
    : (value as CodeValue);
}

/** A field at a path. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => fieldsOf(inner)[key], value);
}

/** The fields that are there; undefined where none is. */
export function someOf(fields: Readonly<Record<string, CodeValue>>): CodeValue {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return there.length === 0 ? undefined : Object.fromEntries(there);
}

/** A list with something in it; undefined otherwise. */
export function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Labels and annotations of an object, as constructs take them. */
export function metadataProps(object: unknown): Readonly<Record<string, CodeValue>> {
  return {
    labels: wholeOf(at(object, 'metadata', 'labels')),
    annotations: wholeOf(at(object, 'metadata', 'annotations')),
  };
}

/** The labels by which objects are found: the value of the label `app` where it is the only one; undefined where there are none. */
export function appOf(labels: unknown): CodeValue {
  const fields = fieldsOf(labels);
  const isApp = Object.keys(fields).length === 1 && typeof fields.app === 'string';
  return isApp ? textOf(fields.app) : wholeOf(labels);
}

/** A number or a text, such as `1` or `25%`, or a port by number or name. */
export function numberOrText(value: unknown): number | string | undefined {
  return numberOf(value) ?? textOf(value);
}

/** The field where it is not the usual one. */
export function unless(usual: unknown, value: unknown): CodeValue {
  return value === usual ? undefined : wholeOf(value);
}
