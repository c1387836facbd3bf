/** The paths at which two values differ, such as `spec.ports[0].name`; the first ones only. Values are not shown: they may be secret. */
export function differencesOf(expected: unknown, actual: unknown, limit = 5): string[] {
  const paths: string[] = [];
  collect(expected, actual, '', (path) => {
    if (paths.length < limit) {
      paths.push(path === '' ? '(everything)' : path);
    }
  });
  return paths;
}

function collect(expected: unknown, actual: unknown, path: string, found: (path: string) => void): void {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) {
      found(path);
      return;
    }
    expected.forEach((item, index) => collect(item, actual[index], `${path}[${index}]`, found));
  } else if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      collect(own(expected, key), own(actual, key), join(path, key), found);
    }
  } else if (!Object.is(expected, actual)) {
    found(path);
  }
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) {
    return `${path}["${key}"]`;
  }
  return path === '' ? key : `${path}.${key}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
