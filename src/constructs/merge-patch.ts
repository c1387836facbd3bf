/** How a field is written in the object: quantities and ports that are a number or a text are classes in the types. */
export type JsonForm<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly JsonForm<Item>[]
      : T extends { toISOString(): string }
        ? string
        : [keyof T] extends ['value']
          ? string | number
          : { readonly [K in keyof T]: JsonForm<T[K]> };

/**
 * Fields to lay over an object: what is not named stays, `null` takes a field away, a list replaces the whole list.
 * @see https://www.rfc-editor.org/rfc/rfc7386
 */
export type MergePatch<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null | undefined | { toISOString(): string } | readonly unknown[]
    ? JsonForm<T> | null
    : [keyof T] extends ['value']
      ? string | number | null
      : { readonly [K in keyof T]?: MergePatch<T[K]> } | null;

/** The value with the patch laid over it. */
export function applyMerge(value: unknown, patch: unknown): unknown {
  if (!isPlainObject(patch)) {
    return patch;
  }
  const result: Record<string, unknown> = isPlainObject(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) {
      delete result[key];
    } else if (change !== undefined) {
      result[key] = applyMerge(result[key], change);
    }
  }
  return result;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
