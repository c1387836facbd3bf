// @ts-check
/**
 * A process of its own that makes plain JavaScript of a checkout's TypeScript, so that the process that runs it needs no compiler, no threads
 * and no right to start programs. Nothing of the checkout is run here. It reads {@link CompileRequest} on standard input, and writes
 * {@link CompileResult} to file descriptor 3, both as JSON.
 */
import childProcess from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} CompileResult
 * @property {Record<string, string[]>} imports what each file imports, by paths relative to the checkout
 * @property {string[]} computed files that import by a name made while running, which is not in `imports`
 * @property {Record<string, string>} problems what is wrong with files that could not be compiled, with the place
 */

/**
 * @typedef {object} CompileRequest
 * @property {string} root the checkout's real path
 * @property {string} out an empty folder for the JavaScript, in the places of its sources
 * @property {string[]} entries paths of modules, relative to the checkout; what they import is compiled too
 */

/** What the compiler may reserve; most of it is not used. A source that is nested without end eats it up and not the machine's memory. */
const COMPILER_KIB = 2_000_000;
const { spawn } = childProcess;
Object.assign(childProcess, {
  /** @param {string} program @param {string[]} args @param {import('node:child_process').SpawnOptions} options */
  spawn: (program, args, options) =>
    spawn(
      '/bin/sh',
      ['-c', `ulimit -v ${COMPILER_KIB}; export GOMAXPROCS=2; exec "$@"`, 'sh', program, ...args],
      options,
    ),
});
const { stop, transform } = await import('esbuild');

const LARGEST_FILE = 2 ** 20;
const COMPUTED_IMPORT = /\bimport\s*\((?!\s*")/;
/** Imports by relative path, as they stand in what the compiler prints. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"\n]+)"/g;

const { root, out, entries } = /** @type {CompileRequest} */ (JSON.parse(readFileSync(0, 'utf8')));
/** @type {CompileResult} */
const result = { imports: {}, computed: [], problems: {} };
for (let batch = entries; batch.length > 0; batch = unseen()) {
  await compileAll(batch);
}
await stop();
const own = join(root, 'package.json');
writeFileSync(join(out, 'package.json'), existsSync(own) ? readFileSync(own) : '{"type":"module"}');
symlinkSync(realpathSync(join(root, 'node_modules')), join(out, 'node_modules'), 'dir');
writeFileSync(3, JSON.stringify(result));

function unseen() {
  return [...new Set(Object.values(result.imports).flat())].filter((path) => result.imports[path] === undefined);
}

/**
 * Together; but where the compiler dies of a file, one by one, to know which.
 * @param {string[]} paths
 */
async function compileAll(paths) {
  try {
    await Promise.all(paths.map((path) => compileFile(path)));
  } catch {
    // The compiler is gone, and does not say of which file.
    await stop();
    for (const path of paths) {
      await compileAlone(path);
    }
  }
}

/** @param {string} path */
async function compileAlone(path) {
  try {
    await compileFile(path);
  } catch {
    await stop();
    refuse(path, 'the compiler cannot read it; it may be nested too deep');
  }
}

/**
 * @param {string} path
 * @throws when the compiler died
 */
async function compileFile(path) {
  result.imports[path] = [];
  const source = read(path);
  if (source.problem !== undefined) {
    refuse(path, source.problem);
  } else if (path.endsWith('.json')) {
    write(path, source.text);
  } else {
    const code = await compileText(path, source.text);
    if (code !== undefined) {
      write(path, code);
      if (COMPUTED_IMPORT.test(code)) {
        result.computed.push(path);
      }
      result.imports[path] = [...code.matchAll(RELATIVE_IMPORT)].flatMap(([, target = '']) => importedBy(path, target));
    }
  }
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {Promise<string | undefined>} undefined when it does not compile
 */
async function compileText(path, text) {
  const file = join(root, path);
  try {
    const { code } = await transform(text, {
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      sourcefile: file,
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      // Data files stand beside the source, not beside the JavaScript.
      define: {
        'import.meta.url': JSON.stringify(pathToFileURL(file).href),
        'import.meta.dirname': JSON.stringify(dirname(file)),
        'import.meta.filename': JSON.stringify(file),
      },
    });
    return code;
  } catch (error) {
    const [first] = /** @type {import('esbuild').TransformFailure} */ (error).errors ?? [];
    if (first === undefined) {
      throw error;
    }
    refuse(path, first.text, first.location ?? undefined);
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {string} specifier
 * @returns {string[]} the file in the checkout, if there is one
 */
function importedBy(path, specifier) {
  const target = relative(root, resolve(root, dirname(path), specifier));
  const candidates = target.endsWith('.js') ? [target.replace(/\.js$/, '.ts'), target] : [target];
  const found = candidates.find((candidate) => statSync(join(root, candidate), { throwIfNoEntry: false })?.isFile());
  return found === undefined || found.startsWith('..') || !/\.(ts|js|mjs|json)$/.test(found) ? [] : [found];
}

/**
 * @param {string} path
 * @returns {{ text: string, problem?: undefined } | { problem: string }}
 */
function read(path) {
  const file = join(root, path);
  if (!realpathSync(file).startsWith(root + sep)) {
    return { problem: 'symbolic link leaves the checkout' };
  }
  if (statSync(file).size > LARGEST_FILE) {
    return { problem: `source is larger than ${LARGEST_FILE} bytes` };
  }
  return { text: readFileSync(file, 'utf8') };
}

/**
 * @param {string} path
 * @param {string} reason
 * @param {{ line: number, column: number }} [place]
 */
function refuse(path, reason, place = { line: 1, column: 0 }) {
  const message = `${join(root, path)}:${place.line}:${place.column}: ${reason}`;
  result.problems[path] = message;
  // For those who import it by a name made while running.
  write(path, `throw new SyntaxError(${JSON.stringify(message)});\n`);
}

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  const target = join(out, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
