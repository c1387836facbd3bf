import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appOfPath, isForeign } from './repository-parts.js';

/** Notices what applications read that is not theirs. */
export interface Reach {
  /** Says which application is built from now on. */
  enter(app: string): void;
  /** The paths, below the checkout, that some application read and that belong to another, or to nobody. */
  paths(): readonly string[];
}

/** Functions that look at what is below a folder. */
const LISTS = /^(readdir|opendir|glob|cp)/;
const OWN_MODULES = `${sep}node_modules${sep}`;

/**
 * Watches the files that are asked for. The parent knows which modules are imported, from compiling them. Programs that an application starts
 * are not seen.
 */
export function tellReach(root: string): Reach {
  const apps = join(root, 'apps');
  const found = new Set<string>();
  let current = '';
  const note = (path: string, isListing: boolean): void => {
    const inner = relative(root, path);
    const [top = ''] = inner.split(sep);
    const isApart = top === '..' || inner.includes(OWN_MODULES);
    const owner = appOfPath(inner);
    const isOthers = owner === undefined ? isForeign(top) : owner !== current;
    if (!isApart && (isOthers || (isListing && `${apps}${sep}`.startsWith(withSeparator(path))))) {
      found.add(inner);
    }
  };
  wrapFunctions(fs, (name, path) => note(path, LISTS.test(name)));
  wrapFunctions(fs.promises, (name, path) => note(path, LISTS.test(name)));
  syncBuiltinESMExports();
  return {
    enter: (app) => {
      current = app;
    },
    paths: () => [...found].sort(),
  };
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Each function of the module whose first argument is a path tells it before it goes on. */
function wrapFunctions(module: object, tell: (name: string, path: string) => void): void {
  const functions = module as Record<string, unknown>;
  for (const [name, original] of Object.entries(functions)) {
    if (typeof original === 'function' && /^[a-z]/.test(name)) {
      const wrapped = function (this: unknown, ...args: unknown[]): unknown {
        const path = pathOf(args[0]);
        if (path !== undefined) {
          tell(name, path);
        }
        return (original as AnyFunction).apply(this, args);
      };
      functions[name] = Object.assign(wrapped, original);
    }
  }
}

function pathOf(argument: unknown): string | undefined {
  if (typeof argument === 'string' || Buffer.isBuffer(argument)) {
    return resolve(argument.toString());
  }
  return argument instanceof URL && argument.protocol === 'file:' ? fileURLToPath(argument) : undefined;
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : `${path}${sep}`;
}
