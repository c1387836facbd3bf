import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import manifest from '../../package.json' with { type: 'json' };
import * as app from '../../src/app/index.js';
import * as constructs from '../../src/constructs/index.js';

/** Where recipes are written as files, so that the compiler sees them. */
export const RECIPES_FOLDER = join(import.meta.dirname, 'recipes');

/** One section of the cookbook. */
export interface Recipe {
  readonly title: string;
  /** The name of its file, without ending. */
  readonly slug: string;
  /** The kinds that it says it gives, in order. */
  readonly kinds: readonly string[];
  readonly code: string;
}

/** The sections of the cookbook that have code. */
export function readCookbook(): Recipe[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/cookbook.md'), 'utf8');
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const title = section.slice(0, section.indexOf('\n'));
      const kinds = /^Gives (.+)\.$/m.exec(section)?.[1]?.split(', ') ?? [];
      const code = /^```ts\n(.*?)^```$/ms.exec(section)?.[1] ?? '';
      return { title, slug: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), kinds, code };
    });
}

/** A recipe as the file of an application. */
export async function fileOf({ code }: Recipe): Promise<string> {
  const body = code.includes('export const app') ? code : inBuild(code);
  const imports = [
    importOf(app, '../../../src/app/index.js', body),
    importOf(constructs, '../../../src/constructs/index.js', body),
  ];
  return format(`${imports.join('')}\n${body}`, { ...(manifest.prettier as object), parser: 'typescript' });
}

function inBuild(code: string): string {
  const parameters = code.includes('context.') ? 'scope, context' : 'scope';
  return `export const app = defineApp({ namespace: 'shop', build(${parameters}) {\n${code}} });\n`;
}

function importOf(module: object, path: string, code: string): string {
  const isUsed = (name: string): boolean => new RegExp(`(?<![\\w'-]|[^.]\\.)${name}(?=[(<.,\\]])`).test(code);
  const names = Object.keys(module).filter(isUsed);
  return names.length === 0 ? '' : `import { ${names.sort(byLetters).join(', ')} } from '${path}';\n`;
}

function byLetters(a: string, b: string): number {
  return a.localeCompare(b, 'en');
}
