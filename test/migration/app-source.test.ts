import { describe, expect, it } from 'vitest';
import { renderApp } from '../../src/migration/app-source.js';
import { call, Expression } from '../../src/migration/code.js';
import { kebabCase, type Piece, withIds } from '../../src/migration/piece.js';

const piece = (construct: string, name: string, props: Piece['props'] = { name }): Piece => ({
  construct,
  name,
  props,
  uses: [],
  objects: [],
  files: [],
});
const HEADER = { namespace: 'web', sync: 'auto', images: [], comment: [] } as const;

describe('migration/app-source', () => {
  it('imports what it uses, once, and takes only the parameters that it needs', () => {
    const secret = piece('Secret', 'b', { values: { A: new Expression("context.secret('A')") } });
    const code = renderApp(HEADER, [piece('Service', 'a'), piece('ApiObject', 'c'), piece('Service', 'd'), secret]);
    expect(code).toContain("import { ApiObject, Secret, Service } from '../../src/constructs/index.js';");
    expect(code).toContain('build(scope, context) {');
    expect(renderApp(HEADER, [piece('Service', 'a')])).toContain('build(scope) {');
  });

  it('writes sync and image policies, and a comment that cannot end early', () => {
    const images = [{ factory: 'newestBuild', expression: call('newestBuild', 'image') }];
    const code = renderApp({ ...HEADER, sync: { prune: false }, images, comment: ['from */ there'] }, []);
    expect(code).toContain("import { defineApp, newestBuild } from '../../src/app/index.js';");
    expect(code).toContain('"sync": { "prune": false }, "images": [newestBuild("image")]');
    expect(code).toContain('/** from * / there */');
  });
});

describe('migration/piece', () => {
  it('gives ids that are short where they can be and unique always', () => {
    const ids = withIds([piece('Service', 'a'), piece('Secret', 'x:y'), piece('Secret', 'x-y')]).map(({ id }) => id);
    expect(ids).toEqual(['service', 'secret-x-y', 'secret-x-y-2']);
  });

  it.each([
    ['ServiceAccount', 'service-account'],
    ['IPAddressPool', 'ip-address-pool'],
    ['HTTPRoute', 'http-route'],
    ['CronJob', 'cron-job'],
  ])('writes %s as %s', (kind, expected) => {
    expect(kebabCase(kind)).toBe(expected);
  });
});
