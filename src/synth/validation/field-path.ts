/** The way from an object to one of its values: names of fields, and positions in lists. */
export type FieldPath = readonly (string | number)[];

/** The form that people read, such as `metadata.labels["app.kubernetes.io/name"]` or `spec.ports[0].port`. */
export function formatPath(path: FieldPath): string {
  const text = path.map((part) => {
    if (typeof part === 'number') {
      return `[${part}]`;
    }
    return /^[A-Za-z_$][\w$-]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  });
  return text.join('').replace(/^\./, '');
}
