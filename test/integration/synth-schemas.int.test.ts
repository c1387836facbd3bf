import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { DesiredState } from '../../src/app/desired-state.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import { definitionOfThing, THING } from '../synth/validation/things.js';
import { makeCheckout } from './synth-checkout.js';

const app = (...objects: object[]): string => `import { ApiObject } from 'cdk8s';
import { defineApp } from '../../src/app/index.js';

export const app = defineApp({
  namespace: 'home',
  build(scope) {
    ${objects.map((object, at) => `new ApiObject(scope, 'o${at}', ${JSON.stringify(object)});`).join('\n    ')}
  },
});
`;
const configMap = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...more,
});
const thing = { ...THING, spec: { sise: 1 } };
const definition = definitionOfThing({
  type: 'object',
  properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
});
const WRONG_THING = {
  message: 'Thing home/one spec.sise: unknown field, did you mean "size"? (wrong-field)',
  location: 'apps/things/app.ts',
  refused: true,
};

describe('integration/synth-schemas', () => {
  let cacheDirectory = '';
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
  });
  afterAll(() => rm(cacheDirectory, { recursive: true }));

  async function synthesize(
    apps: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>> = {},
  ): Promise<DesiredState> {
    const { directory, write, remove } = await makeCheckout(apps);
    try {
      for (const [path, text] of Object.entries(files)) {
        await write(path, text);
      }
      const settings = { settings: {}, secretKeys: [] };
      return await createSynthesizer({ cacheDirectory }).synthesize({ directory, revision: 'c0ffee', settings });
    } finally {
      await remove();
    }
  }

  it('an application with a mistyped field fails alone, with the object, the field and the file', async () => {
    const { apps, failed } = await synthesize({
      good: app(configMap('a', { data: { a: 'b' } })),
      bad: app(configMap('b', { dta: { a: 'b' } })),
    });
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed).toEqual({
      bad: {
        message: 'ConfigMap home/b dta: unknown field, did you mean "data"? (wrong-field)',
        location: 'apps/bad/app.ts',
        refused: true,
      },
    });
  });

  it('a definition in one application is the schema of objects in another', async () => {
    const { apps, failed } = await synthesize({ definitions: app(definition), things: app(thing) });
    expect(Object.keys(apps)).toEqual(['definitions']);
    expect(failed).toEqual({ things: WRONG_THING });
  });

  it('a definition in crds/ is the schema of objects', async () => {
    const { failed } = await synthesize({ things: app(thing) }, { 'crds/things.yaml': stringify(definition) });
    expect(failed).toEqual({ things: WRONG_THING });
  });

  it('an object of an unknown kind is not refused, but told', async () => {
    const { apps, failed, findings } = await synthesize({ things: app(thing) });
    expect(Object.keys(apps)).toEqual(['things']);
    expect(failed).toEqual({});
    expect(findings).toMatchObject([{ rule: 'unknown-kind', severity: 'warning', app: 'things' }]);
  });

  it('an application that stays wrong stays refused when only another one changed', async () => {
    const checkout = await makeCheckout({ bad: app(configMap('b', { dta: {} })), good: app(configMap('a')) });
    try {
      const synthesizer = createSynthesizer({ cacheDirectory });
      for (const good of ['g1', 'g2']) {
        const { failed } = await synthesizer.synthesize({
          directory: checkout.directory,
          revision: 'c0ffee',
          settings: { settings: {}, secretKeys: [] },
          objectIds: { src: 's1', 'apps/bad': 'b1', 'apps/good': good },
        });
        expect(Object.keys(failed)).toEqual(['bad']);
      }
    } finally {
      await checkout.remove();
    }
  });

  it('a definition that changed is held against the objects of applications that did not', async () => {
    const checkout = await makeCheckout({ definitions: app(definition), things: app(thing) });
    try {
      const synthesizer = createSynthesizer({ cacheDirectory });
      const failedWith = async (id: string): Promise<string[]> => {
        const { failed } = await synthesizer.synthesize({
          directory: checkout.directory,
          revision: 'c0ffee',
          settings: { settings: {}, secretKeys: [] },
          objectIds: { src: 's1', 'apps/definitions': id, 'apps/things': 't1' },
        });
        return Object.keys(failed);
      };
      expect(await failedWith('d1')).toEqual(['things']);
      await checkout.write(
        'apps/definitions/app.ts',
        app(JSON.parse(JSON.stringify(definition).replace('size', 'sise')) as object),
      );
      expect(await failedWith('d2')).toEqual([]);
    } finally {
      await checkout.remove();
    }
  });

  it.each([
    ['is not YAML', 'a: [', 'crds/things.yaml cannot be used'],
    [
      'has a wrong definition',
      stringify({ ...definition, spec: { ...definition.spec, names: {} } }),
      'crds/things.yaml cannot be used: spec.names.plural: is required',
    ],
  ])('a file of crds/ that %s refuses the revision and is named', async (_what, text, message) => {
    await expect(synthesize({ good: app(configMap('a')) }, { 'crds/things.yaml': text })).rejects.toMatchObject({
      code: 'synth/threw',
      message: expect.stringContaining(message) as unknown,
    });
  });
});
