/** The value at a path into JSON of unknown form; undefined where a step is not there. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = (current as Readonly<Record<string, unknown>>)[key];
  }
  return current;
}

/** The text at a path; undefined where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The items at a path, each with its field, such as `spec.ports[0]`; none where there is no list. */
export function itemsAt(value: unknown, ...path: readonly string[]): (readonly [field: string, item: unknown])[] {
  const found = valueAt(value, ...path);
  const field = path.join('.');
  return Array.isArray(found) ? found.map((item: unknown, index) => [`${field}[${index}]`, item] as const) : [];
}

/** The keys and values at a path; none where there is no map. */
export function entriesAt(value: unknown, ...path: readonly string[]): (readonly [key: string, value: unknown])[] {
  const found = valueAt(value, ...path);
  return found !== null && typeof found === 'object' && !Array.isArray(found) ? Object.entries(found) : [];
}

/** The map of texts at a path, such as labels; values that are no text are left out. */
export function textsAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = entriesAt(value, ...path);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? {} : Object.fromEntries(texts);
}
