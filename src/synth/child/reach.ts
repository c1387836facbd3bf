import fs from 'node:fs';
import { register, syncBuiltinESMExports } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

/** Notices what applications read that is not theirs. */
export interface Reach {
  /** Says which application is built from now on. */
  enter(app: string): void;
  /** The paths, below the checkout, that some application read and that belong to another, or to nobody. */
  paths(): readonly string[];
}

/** Entries at the top that no application is made of; as in the parent's `built-apps.ts`. */
const FOREIGN = /^(docs|test|[^/]*\.md)$/;
/** Functions that look at what is below a folder. */
const LISTS = /^(readdir|opendir|glob|cp)/;
const OWN_MODULES = `${sep}node_modules${sep}`;

/** Watches the modules that are imported and the files that are asked for. Programs that an application starts are not seen. */
export function tellReach(root: string): Reach {
  const apps = join(root, 'apps');
  const found = new Set<string>();
  let current = '';
  const note = (path: string, isListing: boolean): void => {
    const inner = relative(root, path);
    const [top = '', folder] = inner.split(sep);
    const isApart = top === '..' || inner.includes(OWN_MODULES);
    const isOthers = top === 'apps' ? folder !== undefined && folder !== current : FOREIGN.test(top);
    if (!isApart && (isOthers || (isListing && `${apps}${sep}`.startsWith(withSeparator(path))))) {
      found.add(inner);
    }
  };
  wrapFunctions(fs, (name, path) => note(path, LISTS.test(name)));
  wrapFunctions(fs.promises, (name, path) => note(path, LISTS.test(name)));
  syncBuiltinESMExports();
  const imports = watchImports();
  return {
    enter: (app) => {
      current = app;
    },
    paths: () => {
      for (const { from, to } of imports()) {
        const importer = folderOf(apps, from);
        const imported = folderOf(apps, to);
        if (imported !== undefined && importer !== imported && !isEntry(root, from)) {
          found.add(relative(root, to));
        }
      }
      return [...found].sort();
    },
  };
}

/** Which folder below `apps/` a file is in. */
function folderOf(apps: string, file: string): string | undefined {
  const [first = '..'] = relative(apps, file).split(sep);
  return first === '..' ? undefined : first;
}

/** The child itself imports each application. */
function isEntry(root: string, file: string): boolean {
  return file === join(root, 'src/synth/child/main.ts');
}

function watchImports(): () => { readonly from: string; readonly to: string }[] {
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  register('./reach-hooks.mjs', import.meta.url, { data: { port: port2 }, transferList: [port2] });
  return () => {
    const imports: { from: string; to: string }[] = [];
    for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1)) {
      const { from, to } = next.message as { readonly from: string; readonly to: string };
      if (from.startsWith('file:')) {
        imports.push({ from: fileURLToPath(from), to: fileURLToPath(to) });
      }
    }
    return imports;
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
