import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '..', '..');
const SOURCES = ['app', 'base', 'constructs', 'imports', 'synth'];

/** A checkout in a temporary folder: this program's sources, and the given files. */
export interface Checkout {
  readonly directory: string;
  /** Writes a file; the path is relative. */
  readonly write: (path: string, text: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes a checkout with applications: folder name -> text of app.ts. */
export async function makeCheckout(apps: Readonly<Record<string, string>> = {}): Promise<Checkout> {
  const directory = await mkdtemp(join(tmpdir(), 'prodesk-checkout-'));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  for (const source of SOURCES) {
    await cp(join(PROGRAM, 'src', source), join(directory, 'src', source), { recursive: true });
  }
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) {
    await cp(join(PROGRAM, file), join(directory, file));
  }
  for (const [name, text] of Object.entries(apps)) {
    await write(`apps/${name}/app.ts`, text);
  }
  return { directory, write, remove: () => rm(directory, { recursive: true }) };
}

/** The text of an app.ts with one ConfigMap; `body` runs before it is made. */
export function appText(body = '', data = '{}'): string {
  return `import { defineApp } from '../../src/app/index.js';
import { ConfigMap } from '../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'home',
  build(scope, context) {
    ${body}
    new ConfigMap(scope, 'config', { name: context.name, data: ${data} });
  },
});
`;
}
