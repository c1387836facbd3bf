// @ts-check
/** Getting ready failed in a way that people can mend; the message says how. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
