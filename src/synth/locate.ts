/** Names a file that is not there; the place is the one that wanted it. */
const MISSING_MODULE = /Cannot find module '[^']*'/g;

/**
 * The place in a checkout that an error speaks of, such as `apps/mysql/app.ts:12`: the innermost frame in the application's folder, else in
 * another file of the checkout.
 * @param text the error's message and stack
 * @param directory the checkout's real path
 */
export function locationOf(text: string, directory: string, app: string): string | undefined {
  const places = [...text.replace(MISSING_MODULE, '').matchAll(framesIn(directory))].map((match) => ({
    file: match[1] ?? '',
    line: match[2],
  }));
  const own = places.filter(({ file }) => file.startsWith(`apps/${app}/`));
  const best =
    own.find(({ line }) => line !== undefined) ?? own[0] ?? places.find(({ line }) => line !== undefined) ?? places[0];
  return best && (best.line === undefined ? best.file : `${best.file}:${best.line}`);
}

/** The text with paths relative to the checkout. */
export function relativePaths(text: string, directory: string): string {
  return text.replaceAll(`file://${directory}/`, '').replaceAll(`${directory}/`, '');
}

/** A text as the regular expression that matches it alone. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function framesIn(directory: string): RegExp {
  return new RegExp(`${escapePattern(directory)}/((?:apps|src)/[^\\s:'")]+\\.(?:ts|js|mjs|json))(?::(\\d+))?`, 'g');
}
