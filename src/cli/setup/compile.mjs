// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupError } from './setup-error.mjs';

/** Changes when the way of compiling does, so that what an older way made is made again. */
const RECIPE = '1';
const STAMP = '.stamp';

/**
 * The hash of everything that dist/ is made from.
 * @param {string} root
 * @param {string} lockHash stands for the compiler's version
 */
export function sourceHashOf(root, lockHash) {
  const hash = createHash('sha256').update(`${RECIPE}\n${lockHash}\n`);
  for (const path of filesBelow(join(root, 'src'))) {
    hash.update(`${path}\n`).update(readFileSync(join(root, 'src', path)));
  }
  return hash.digest('hex');
}

/**
 * Whether dist/ was made from sources with this hash.
 * @param {string} root
 * @param {string} sourceHash
 */
export function isCompiled(root, sourceHash) {
  const stamp = join(root, 'dist', STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash;
}

/**
 * Makes dist/ a mirror of src/: each .ts file becomes one .js file in the same place, other files are copied. Each file is replaced
 * as a whole, and the stamp is written last.
 * @param {string} root
 * @param {string} sourceHash
 * @throws {SetupError} when a source cannot be compiled or dist/ cannot be written
 */
export async function compile(root, sourceHash) {
  const paths = filesBelow(join(root, 'src'));
  const outputs = new Map([
    ...(await transform(root, paths.filter(isTypeScript))),
    ...paths.filter((path) => !path.endsWith('.ts')).map((path) => asset(root, path)),
  ]);
  try {
    removeOthers(join(root, 'dist'), outputs);
    for (const [path, contents] of outputs) {
      replaceFile(join(root, 'dist', path), contents);
    }
    replaceFile(join(root, 'dist', STAMP), Buffer.from(sourceHash));
  } catch (error) {
    throw new SetupError(`cannot write dist/: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @param {string} path */
function isTypeScript(path) {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {[string, Uint8Array]}
 */
function asset(root, path) {
  return [path, readFileSync(join(root, 'src', path))];
}

/**
 * @param {string} root
 * @param {string[]} paths
 * @returns {Promise<[string, Uint8Array][]>}
 */
async function transform(root, paths) {
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: paths.map((path) => join('src', path)),
      outbase: 'src',
      outdir: 'dist',
      write: false,
      bundle: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    });
    return outputFiles.map((file) => [relative(join(root, 'dist'), file.path), file.contents]);
  } catch (error) {
    throw new SetupError(`cannot compile src/: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    // Its helper process would live as long as we do.
    await stop();
  }
}

/**
 * @param {string} dist
 * @param {Map<string, Uint8Array>} outputs
 */
function removeOthers(dist, outputs) {
  for (const path of existsSync(dist) ? filesBelow(dist) : []) {
    if (!outputs.has(path)) {
      rmSync(join(dist, path));
    }
  }
}

/**
 * @param {string} path
 * @param {Uint8Array} contents
 */
function replaceFile(path, contents) {
  if (existsSync(path) && Buffer.compare(readFileSync(path), contents) === 0) {
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

/**
 * Paths of all files below a folder, relative to it, sorted.
 * @param {string} directory
 * @returns {string[]}
 */
function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
