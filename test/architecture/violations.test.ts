import { describe, expect, it } from 'vitest';
import { RULES } from './rules.js';
import type { Exception } from './rules.js';
import { parseSourceTree } from './source-tree.js';
import { findCycles, findViolations } from './violations.js';

const OK = 'export const x = 1;\n';

function violationsOf(texts: Record<string, string>, exceptions: readonly Exception[] = []): string[] {
  return findViolations(parseSourceTree(texts), { rules: RULES, exceptions });
}

describe('architecture/violations', () => {
  describe('findViolations', () => {
    it.each<[string, string, string, RegExp]>([
      ['a layer below', 'src/base/a.ts', `import { x } from '../app/b.js';`, /base may import nothing/],
      [
        'a neighbour',
        'src/engine/a.ts',
        `import { x } from '../deploy/b.js';`,
        /imports \.\.\/deploy\/b\.js; engine may/,
      ],
      ['a neighbour’s port', 'src/engine/a.ts', `import { x } from '../synth/port.js';`, /engine may import/],
      ['a part beside its port', 'src/driver/a.ts', `import { x } from '../synth/other.js';`, /driver may import/],
      ['a type alone', 'src/app/a.ts', `import type { X } from '../synth/b.js';`, /app may import base/],
      ['a type in place', 'src/app/a.ts', `export type X = import('../synth/b.js').X;`, /app may import base/],
      ['on demand', 'src/app/a.ts', `export const x = () => import('../synth/b.js');`, /app may import base/],
      ['by exporting on', 'src/app/a.ts', `export { x } from '../synth/b.js';`, /app may import base/],
      ['for its effects', 'src/app/a.ts', `import '../synth/b.js';`, /app may import base/],
      [
        'another application',
        'apps/one/app.ts',
        `import { x } from '../two/app.js';`,
        /apps may import constructs, app/,
      ],
      ['a test', 'src/cli/a.ts', `import { x } from '../../test/support/b.js';`, /cli may import/],
      ['a package of another', 'src/driver/a.ts', `import { x } from '@pulumi/pulumi';`, /imports @pulumi\/pulumi/],
      ['more of a package', 'src/engine/a.ts', `import { x } from '@pulumi/pulumi';`, /engine may import/],
      ['a package by its beginning', 'src/server/a.ts', `import { x } from 'hono-extra';`, /imports hono-extra/],
      ['a builtin', 'src/driver/core/a.ts', `import { x } from 'node:fs';`, /driver\/core may import/],
      ['a builtin without node:', 'src/cluster/a.ts', `import { x } from 'fs';`, /imports fs;/],
      ['processes', 'src/driver/a.ts', `import { x } from 'node:child_process';`, /node:\* \(no-processes\)/],
    ])('%s that may not be imported is named', (_what, path, text, message) => {
      const found = violationsOf({ [path]: text });

      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(message);
      expect(found[0]?.startsWith(`${path}: imports `)).toBe(true);
    });

    it.each([
      ['src/driver/core/a.ts', 'export const x = () => Date.now();', 'Date'],
      ['src/driver/core/a.ts', 'export const x = () => Math.random();', 'Math.random'],
      ['src/driver/core/a.ts', 'export async function x() {}', 'async'],
      ['src/driver/core/a.ts', 'export const x = async () => 1;', 'async'],
      ['apps/one/app.ts', 'export const x = process.env.HOME;', 'process'],
      ['apps/one/app.ts', `export const x = () => fetch('http://x');`, 'fetch'],
      ['src/cluster/a.ts', 'export const x = process.env.HOME;', 'process.env'],
    ])('%s with %j is told not to use %s', (path, text, name) => {
      expect(violationsOf({ [path]: text })[0]).toContain(`${path}: uses ${name},`);
    });

    it.each([
      ['an allowed layer', 'src/app/a.ts', `import { x } from '../base/b.js';`],
      ['its own area', 'src/app/a.ts', `import { x } from './b.js';`],
      ['a port', 'src/driver/core/a.ts', `import type { X } from '../../synth/port.js';`],
      ['the path into an owned package', 'src/engine/a.ts', `import { x } from '@pulumi/pulumi/automation/index.js';`],
      ['a file beside the folders', 'apps/one/app.ts', `import { x } from '../shared.js';`],
      ['a file of the same application', 'apps/one/app.ts', `import { x } from './values.js';`],
      ['everything, where the parts are wired', 'src/cli/main.ts', `import { x } from '../engine/b.js';`],
    ])('%s may be imported', (_what, path, text) => {
      expect(violationsOf({ [path]: text })).toEqual([]);
    });

    it('a module that is too long, or exports a default, is named', () => {
      const found = violationsOf({
        'src/app/long.ts': OK.repeat(401),
        'src/app/fits.ts': OK.repeat(400),
        'src/app/a.ts': 'export default 1;',
        'src/app/b.ts': 'export default function x() {}',
        'src/app/c.ts': 'const x = 1; export { x as default };',
        'src/imports/generated.ts': OK.repeat(2000),
      });

      expect(found).toEqual([
        'src/app/long.ts: has 401 lines; split it by purpose (400 at most)',
        'src/app/a.ts: has a default export; export it by name',
        'src/app/b.ts: has a default export; export it by name',
        'src/app/c.ts: has a default export; export it by name',
      ]);
    });

    it('a file in no known folder is named', () => {
      expect(violationsOf({ 'src/utils/a.ts': OK })).toEqual(['src/utils/a.ts: no area of the rules has this file']);
    });
  });

  describe('exceptions', () => {
    const exception: Exception = { path: 'src/app/a.ts', allows: 'constructs', typeOnly: true, why: 'a type' };

    it('an import that has one is allowed', () => {
      expect(violationsOf({ 'src/app/a.ts': `import type { X } from 'constructs';` }, [exception])).toEqual([]);
      expect(violationsOf({ 'src/app/a.ts': `import { type X } from 'constructs';` }, [exception])).toEqual([]);
    });

    it('a type-only one does not allow a value', () => {
      const found = violationsOf({ 'src/app/a.ts': `import { X } from 'constructs';` }, [exception]);

      expect(found[0]).toContain('src/app/a.ts: imports constructs;');
    });

    it('one that nothing needs is named', () => {
      expect(violationsOf({ 'src/app/a.ts': OK }, [exception])).toEqual([
        'src/app/a.ts: the exception for constructs is not needed any more',
      ]);
    });
  });

  describe('findCycles', () => {
    it('a circle of files is named once, with its way round', () => {
      const modules = parseSourceTree({
        'src/app/a.ts': `import { b } from './b.js';`,
        'src/app/b.ts': `import type { C } from './c.js';`,
        'src/app/c.ts': `import { a } from './a.js';`,
        'src/app/d.ts': `import { a } from './a.js'; import { b } from './b.js';`,
      });

      expect(findCycles(modules)).toEqual([
        'src/app/a.ts: imports itself in a circle: src/app/a.ts -> src/app/b.ts -> src/app/c.ts -> src/app/a.ts',
      ]);
    });

    it('two ways to the same file are no circle', () => {
      const modules = parseSourceTree({
        'src/app/a.ts': `import './b.js'; import './c.js';`,
        'src/app/b.ts': `import './d.js';`,
        'src/app/c.ts': `import './d.js';`,
        'src/app/d.ts': OK,
      });

      expect(findCycles(modules)).toEqual([]);
    });
  });
});
