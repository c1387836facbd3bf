/** Labels of objects. */
export type Labels = Readonly<Record<string, string>>;

/** Pods or Services: the value of their label `app`, or labels that they all have. */
export type AppOrLabels = string | Labels;

/**
 * The labels by which objects are found.
 * @throws RangeError when there are none, which would mean every object
 */
export function labelsOf(what: string, app: AppOrLabels): Record<string, string> {
  if (typeof app === 'string') {
    return { app };
  }
  if (Object.keys(app).length === 0) {
    throw new RangeError(`${what} must name at least one label; without one it would mean everything`);
  }
  return { ...app };
}
