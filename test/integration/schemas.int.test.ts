import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SchemaCatalog } from '../../src/synth/validation/catalog.js';
import { addDefinitions, validateObjects } from '../../src/synth/validation/validate-objects.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { TestControlPlane } from '../cluster/control-plane.js';
import { FINE, type KubeObject, MISTAKES } from '../synth/validation/mistakes.js';

const DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', format: 'int32', minimum: 1, maximum: 9 },
                  mode: { type: 'string', enum: ['fast', 'slow'] },
                  wait: { type: 'string', pattern: '^([0-9]+(ms|s)?)+$', maxLength: 10 },
                  port: { 'x-kubernetes-int-or-string': true },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  labels: { type: 'object', additionalProperties: { type: 'string' } },
                  empty: { type: 'string', nullable: true },
                  preset: { type: 'string', default: 'a' },
                  tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                  parts: {
                    type: 'array',
                    minItems: 1,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string', minLength: 1 } },
                    },
                  },
                  at: { type: 'string', format: 'date-time' },
                  pod: {
                    type: 'object',
                    'x-kubernetes-embedded-resource': true,
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                  source: {
                    type: 'object',
                    properties: { git: { type: 'string' }, oci: { type: 'string' } },
                    oneOf: [{ required: ['git'] }, { required: ['oci'] }],
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
const thing = (spec: object, more: object = {}): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'one' },
  spec: { size: 1, ...spec },
  ...more,
});
const EMBEDDED = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } };

describe('integration/schemas', () => {
  let plane: TestControlPlane;
  const catalog = new SchemaCatalog();
  beforeAll(async () => {
    plane = await TestControlPlane.start();
    await plane.send({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: DEFINITION,
    });
    await waitUntil(() => accepts(thing({})), { what: 'the kind Thing' });
    addDefinitions(catalog, [DEFINITION]);
  });
  afterAll(() => plane.stop());

  /** Whether the API server would take the object, with unknown and repeated fields refused. */
  async function accepts(object: KubeObject): Promise<boolean> {
    const { apiVersion, kind, metadata } = object;
    const api = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = (await plane.send({ method: 'GET', path: api })) as unknown as Discovery;
    const { name = '' } = resources.find((one) => one.kind === kind && !one.name.includes('/')) ?? {};
    const query = 'fieldManager=test&dryRun=All&fieldValidation=Strict';
    const path = `${api}/namespaces/default/${name}/${metadata.name}?${query}`;
    try {
      await plane.send({ method: 'PATCH', path, body: object, contentType: 'application/apply-patch+yaml' });
      return true;
    } catch (error) {
      if (error instanceof Error && /: (400|404|422|500) /.test(error.message)) {
        return false;
      }
      throw error;
    }
  }

  const finds = (object: KubeObject): boolean => validateObjects(catalog, [object]).problems.length > 0;

  it.each(MISTAKES)('$what is refused by both', async ({ object }) => {
    expect({ found: finds(object), accepted: await accepts(object) }).toEqual({ found: true, accepted: false });
  });

  it.each(FINE)('%s is accepted by both', async (_what, object) => {
    expect({ found: finds(object), accepted: await accepts(object) }).toEqual({ found: false, accepted: true });
  });

  it.each<[what: string, object: KubeObject]>([
    ['an unknown field', thing({ sise: 1 })],
    ['an unknown field of the whole', thing({}, { spek: {} })],
    ['an unknown field of its metadata', thing({}, { metadata: { name: 'one', labls: {} } })],
    ['a missing field', thing({}, { spec: {} })],
    ['a text for a number', thing({ size: '1' })],
    ['a number beyond its limit', thing({ size: 10 })],
    ['a word that is not allowed', thing({ mode: 'quick' })],
    ['an empty word', thing({ mode: '' })],
    ['a text that does not match', thing({ wait: '5 s' })],
    ['a long text', thing({ wait: '12345678901' })],
    ['a truth value for a number or text', thing({ port: true })],
    ['a list for an open object', thing({ free: [] })],
    ['a number in a map of texts', thing({ labels: { a: 1 } })],
    ['null where it may not be', thing({ mode: null })],
    ['a repeated item of a set', thing({ tags: ['a', 'a'] })],
    ['a repeated key', thing({ parts: [{ name: 'a' }, { name: 'a' }] })],
    ['an empty key', thing({ parts: [{ name: '' }] })],
    ['too few items', thing({ parts: [] })],
    ['a time that is none', thing({ at: 'today' })],
    ['both of two forms', thing({ source: { git: 'a', oci: 'b' } })],
    ['none of two forms', thing({ source: {} })],
    ['a wrong label of an object within', thing({ pod: { ...EMBEDDED, metadata: { name: 'x', labels: { a: 1 } } } })],
  ])('a custom resource with %s is refused by both', async (_what, object) => {
    expect({ found: finds(object), accepted: await accepts(object) }).toEqual({ found: true, accepted: false });
  });

  it.each<[what: string, object: KubeObject]>([
    [
      'everything',
      thing({
        mode: 'fast',
        wait: '5s10ms',
        port: 'http',
        free: { a: [1] },
        labels: { a: 'b' },
        tags: ['a', 'b'],
        parts: [{ name: 'a' }],
        at: '2026-01-31T12:00:00Z',
        pod: { ...EMBEDDED, spec: { any: 1 } },
        source: { git: 'a' },
      }),
    ],
    ['null where it may be', thing({ empty: null, preset: null })],
  ])('a custom resource with %s is accepted by both', async (_what, object) => {
    expect({ found: finds(object), accepted: await accepts(object) }).toEqual({ found: false, accepted: true });
  });

  it('the schemas of built-in kinds are those of this API server', async () => {
    const script = join(import.meta.dirname, '../../src/synth/schemas/generate.mjs');
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig };
    await expect(promisify(execFile)(process.execPath, [script, '--check'], { env })).resolves.toBeDefined();
  });
});

interface Discovery {
  readonly resources: readonly { readonly name: string; readonly kind: string }[];
}
