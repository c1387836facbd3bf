/** The steps from the root of an object to a value: keys and list indexes. */
export type PropertyPath = readonly (string | number)[];

/** Writes a path as Pulumi does: `spec.template.spec.containers[0].env`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatPath(path: PropertyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') {
      return `${text}[${step}]`;
    }
    if (/[."[\]]/.test(step)) {
      return `${text}["${step.replaceAll('"', '\\"')}"]`;
    }
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Reads a path as {@link formatPath} writes it. `[*]` is kept as the key `*`. */
export function parsePath(text: string): PropertyPath {
  const steps = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, star, key]) =>
    index === undefined ? (quoted?.replaceAll('\\"', '"') ?? star ?? key ?? '') : Number(index),
  );
}

/** Whether `path` is `prefix` or below it. A `*` in the prefix stands for any step. */
export function isWithin(path: PropertyPath, prefix: PropertyPath): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === '*' || step === path[index]);
}

/** The path without list indexes, as tables of fields name it. */
export function fieldOf(path: PropertyPath): string {
  return path.filter((step) => typeof step === 'string').join('.');
}
