// @ts-check
/** The oldest Node.js that the dependencies run on; the same as `engines` in package.json. */
export const OLDEST_NODE = '20.18.1';

/**
 * What is wrong with a Node.js version, for people; undefined when it will do. Written so that old versions can run it.
 * @param {string} version such as `20.18.1`
 * @returns {string | undefined}
 */
export function nodeVersionProblem(version) {
  const have = version.split('.').map(Number);
  const need = OLDEST_NODE.split('.').map(Number);
  for (const [part, wanted] of need.entries()) {
    const actual = have[part] || 0;
    if (actual !== wanted) {
      return actual > wanted ? undefined : tooOld(version);
    }
  }
  return undefined;
}

/** @param {string} version */
function tooOld(version) {
  return (
    'prodesk needs Node.js ' +
    OLDEST_NODE +
    ' or newer, and this is ' +
    version +
    '. Install a newer one (https://nodejs.org, or `npx --package=node@22 node src/cli/prodesk.mjs`).'
  );
}
