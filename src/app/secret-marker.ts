const MARKER = /⟦secret:([A-Za-z0-9][A-Za-z0-9._-]*|sops:[\w.~!*'()%#/-]+)⟧/g;
const SECRET_TEXT = '<secret>';

/** The stack-config key of the secret that keys hashes of configuration, see {@link KEYED_HASH_MARKER}. */
export const RESTART_KEY = 'restartKey';
/** The text that stands for a hash of configuration until deployment. */
export const HASH_MARKER = '⟦config-hash⟧';
/** The same for one with secret values in it. */
export const KEYED_HASH_MARKER = `⟦config-hash:${RESTART_KEY}⟧`;

/** The text that stands for the secret stack-config value `prodesk:<key>` until deployment. */
export function secretMarker(key: string): string {
  return `⟦secret:${key}⟧`;
}

/** The stack-config keys whose secret values are needed to deploy a value, sorted, each once. */
export function secretKeysIn(value: unknown): string[] {
  const keys = new Set<string>();
  mapStrings(value, (text) => {
    for (const match of text.matchAll(MARKER)) {
      keys.add(match[1] ?? '');
    }
    if (text.includes(KEYED_HASH_MARKER)) {
      keys.add(RESTART_KEY);
    }
    return text;
  });
  return [...keys].sort();
}

/** Whether text holds a marker. */
export function hasSecretMarker(text: string): boolean {
  return text.search(MARKER) >= 0;
}

/** The value with every text that holds a marker replaced whole by `<secret>`, for people to read. */
export function maskSecrets<T>(value: T): T {
  return mapStrings(value, (text) => (hasSecretMarker(text) ? SECRET_TEXT : text));
}

/** The text with each marker replaced by the value that `resolve` gives for its key. */
export function replaceMarkers(text: string, resolve: (key: string) => string): string {
  return text.replaceAll(MARKER, (_match, key: string) => resolve(key));
}

/** A copy of a JSON value in which each string went through `map`. */
export function mapStrings<T>(value: T, map: (text: string) => string): T {
  if (typeof value === 'string') {
    return map(value) as T;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => mapStrings(item, map)) as T;
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item as unknown, map)])) as T;
  }
  return value;
}
