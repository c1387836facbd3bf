import { describe, expect, it } from 'vitest';
import { secretMarker } from '../../../src/app/secret-marker.js';
import { SchemaCatalog } from '../../../src/synth/validation/catalog.js';
import { addDefinitions, validateObjects } from '../../../src/synth/validation/validate-objects.js';
import { definitionOfThing, THING } from './things.js';

const thing = (more: object = {}): object => ({ ...THING, ...more });

/** What is wrong with a resource whose `spec` has this schema. */
function problemsOf(schema: object, spec: unknown): string[] {
  const catalog = new SchemaCatalog();
  addDefinitions(catalog, [definitionOfThing({ type: 'object', properties: { spec: schema } })]);
  return validateObjects(catalog, [thing({ spec })]).problems.map(({ path, message }) => `${path}: ${message}`);
}

const OBJECT = { type: 'object', properties: { size: { type: 'integer' } } };

describe('synth/validation/custom-resources', () => {
  it.each<[rule: string, schema: object, spec: unknown, problem: string]>([
    ['unknown fields', OBJECT, { sise: 1 }, 'spec.sise: unknown field, did you mean "size"?'],
    ['any field of an object without properties', { type: 'object' }, { a: 1 }, 'spec.a: unknown field'],
    ['types', OBJECT, { size: '1' }, 'spec.size: must be a whole number, not a string'],
    ['null', OBJECT, { size: null }, 'spec.size: must be a whole number, not null'],
    ['values of maps', { type: 'object', additionalProperties: OBJECT }, { a: { b: 1 } }, 'spec.a.b: unknown field'],
    ['items', { type: 'array', items: { type: 'string' } }, ['a', 1], 'spec[1]: must be a string, not a number'],
    ['required', { ...OBJECT, required: ['size'] }, {}, 'spec.size: is required'],
    ['choices', { type: 'string', enum: ['a', 'b'] }, 'c', 'spec: must be one of a, b, not "c"'],
    ['an empty text among choices', { type: 'string', enum: ['a'] }, '', 'spec: must be one of a, not ""'],
    ['patterns', { type: 'string', pattern: '^[0-9]+s$' }, '5 s', 'spec: must match ^[0-9]+s$'],
    ['an empty text', { type: 'string', minLength: 1 }, '', 'spec: must not be empty'],
    ['short texts', { type: 'string', minLength: 3 }, 'ab', 'spec: must have at least 3 characters'],
    ['long texts', { type: 'string', maxLength: 1 }, 'ab', 'spec: must have at most 1 characters, and has 2'],
    ['small numbers', { type: 'integer', minimum: 1 }, 0, 'spec: must be at least 1'],
    ['large numbers', { type: 'number', maximum: 1 }, 2, 'spec: must be at most 1'],
    ['a limit itself', { type: 'number', maximum: 1, exclusiveMaximum: true }, 1, 'spec: must be less than 1'],
    ['a lower limit itself', { type: 'number', minimum: 1, exclusiveMinimum: true }, 1, 'spec: must be more than 1'],
    ['multiples', { type: 'integer', multipleOf: 5 }, 7, 'spec: must be a multiple of 5'],
    ['short lists', { type: 'array', minItems: 1, items: {} }, [], 'spec: must have at least 1 items, and has 0'],
    ['long lists', { type: 'array', maxItems: 1, items: {} }, [1, 2], 'spec: must have at most 1 items, and has 2'],
    [
      'many fields',
      { type: 'object', maxProperties: 1, additionalProperties: true },
      { a: 1, b: 2 },
      'spec: must have at most 1 fields, and has 2',
    ],
    [
      'sets',
      { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      ['a', 'b', 'a'],
      'spec[2]: is item 0 again',
    ],
    ['times', { type: 'string', format: 'date-time' }, 'today', 'spec: must be a time such as "2026-01-31T12:00:00Z"'],
    [
      'numbers or texts',
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      true,
      'spec: must be a whole number or a string, not a boolean',
    ],
    [
      'known fields of an open object',
      { ...OBJECT, 'x-kubernetes-preserve-unknown-fields': true },
      { size: 'a', other: 1 },
      'spec.size: must be a whole number, not a string',
    ],
    [
      'one of several forms',
      { ...OBJECT, anyOf: [{ required: ['size'] }] },
      {},
      'spec: has none of the allowed forms; the first: spec.size is required',
    ],
    [
      'exactly one of several forms',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        oneOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      { a: '', b: '' },
      'spec: must have exactly one of 2 forms, and has 2 forms',
    ],
    ['each of several forms', { ...OBJECT, allOf: [{ required: ['size'] }] }, {}, 'spec.size: is required'],
    [
      'forbidden forms',
      { ...OBJECT, not: { required: ['size'] } },
      { size: 1 },
      'spec: has a form that is not allowed',
    ],
    [
      'metadata of an object within',
      { type: 'object', 'x-kubernetes-embedded-resource': true, properties: {} },
      { kind: 'Pod', metadata: { nam: 'x' } },
      'spec.metadata.nam: unknown field, did you mean "name"?',
    ],
  ])('%s are checked', (_rule, schema, spec, problem) => {
    expect(problemsOf(schema, spec)).toEqual([problem]);
  });

  it.each<[what: string, schema: object, spec: unknown]>([
    ['null where it may be', { type: 'object', nullable: true }, null],
    ['null where there is a default', { type: 'string', default: 'a' }, null],
    ['unknown fields of an open object', { ...OBJECT, 'x-kubernetes-preserve-unknown-fields': true }, { other: 1 }],
    ['any value of an open map', { type: 'object', additionalProperties: true }, { a: [1] }],
    ['any value without a type', { 'x-kubernetes-preserve-unknown-fields': true }, [{ a: 1 }]],
    ['a secret marker under a pattern', { type: 'string', pattern: '^a$', maxLength: 1 }, secretMarker('x.A')],
    ['a pattern with flags of RE2', { type: 'string', pattern: '^(?i)(abort)$' }, 'ABORT'],
    ['a pattern that is none', { type: 'string', pattern: '(' }, 'x'],
    ['a format that is not known', { type: 'string', format: 'isbn' }, 'x'],
  ])('%s is fine', (_what, schema, spec) => {
    expect(problemsOf(schema, spec)).toEqual([]);
  });

  it('a pattern that would take for ever in JavaScript answers at once', () => {
    const started = performance.now();
    expect(problemsOf({ type: 'string', pattern: '^([0-9]+(ms|s)?)+$' }, `${'1'.repeat(80)}x`)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('metadata is checked whatever the definition says of it', () => {
    const catalog = new SchemaCatalog();
    addDefinitions(catalog, [definitionOfThing({ type: 'object', properties: { metadata: { type: 'object' } } })]);
    const wrong = thing({ metadata: { name: 'one', labls: {} } });
    expect(validateObjects(catalog, [wrong]).problems).toEqual([
      { index: 0, path: 'metadata.labls', message: 'unknown field, did you mean "labels"?' },
    ]);
  });

  it('an own definition wins over the shipped one', () => {
    const route = {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'IngressRoute',
      metadata: { name: 'x' },
      spec: { own: 1 },
    };
    const catalog = new SchemaCatalog();
    expect(validateObjects(catalog, [route]).problems).not.toEqual([]);
    addDefinitions(catalog, [
      {
        ...definitionOfThing({}),
        spec: {
          group: 'traefik.io',
          scope: 'Namespaced',
          names: { plural: 'ingressroutes', kind: 'IngressRoute' },
          versions: [
            {
              name: 'v1alpha1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: { spec: { type: 'object', additionalProperties: true } },
                },
              },
            },
          ],
        },
      },
    ]);
    expect(validateObjects(catalog, [route]).problems).toEqual([]);
  });

  it('a definition that is wrong is not used, and is told as an object', () => {
    const catalog = new SchemaCatalog();
    const wrong = definitionOfThing({ type: 'object', propertys: {} });
    addDefinitions(catalog, [wrong]);
    expect(validateObjects(catalog, [wrong, thing()])).toEqual({
      problems: [
        {
          index: 0,
          path: 'spec.versions[0].schema.openAPIV3Schema.propertys',
          message: 'unknown field, did you mean "properties"?',
        },
      ],
      unchecked: [{ kind: 'example.com/v1 Thing', index: 1, objects: 1 }],
    });
  });

  it.each([
    ['a kind that nothing is known of', 'example.com/v1', 'Thing'],
    ['a version that is not served', 'apps/v1beta1', 'Deployment'],
  ])('%s is unchecked, and counted once', (_what, apiVersion, kind) => {
    const object = { apiVersion, kind, metadata: { name: 'x' }, anything: 1 };
    expect(validateObjects(new SchemaCatalog(), [object, object])).toEqual({
      problems: [],
      unchecked: [{ kind: `${apiVersion} ${kind}`, index: 0, objects: 2 }],
    });
  });

  it.each<[mistake: string, object: object, problem: string]>([
    [
      'IngressRoute',
      { apiVersion: 'traefik.io/v1alpha1', spec: { routes: [{ match: 'Host(`a`)', kind: 'Rule', service: [] }] } },
      'spec.routes[0].service: unknown field, did you mean "services"?',
    ],
    [
      'Middleware',
      { apiVersion: 'traefik.io/v1alpha1', spec: { ipAllowList: { sourceRanges: [] } } },
      'spec.ipAllowList.sourceRanges: unknown field, did you mean "sourceRange"?',
    ],
    [
      'ServiceMonitor',
      {
        apiVersion: 'monitoring.coreos.com/v1',
        spec: { selector: {}, endpoints: [{ port: 'http', interval: '30 s' }] },
      },
      'spec.endpoints[0].interval: must match ^(0|',
    ],
    [
      'HelmChartConfig',
      { apiVersion: 'helm.cattle.io/v1', spec: { valueContent: '' } },
      'spec.valueContent: unknown field, did you mean "valuesContent"?',
    ],
  ])('a mistake in a %s is found', (kind, object, problem) => {
    const { problems } = validateObjects(new SchemaCatalog(), [{ ...object, kind, metadata: { name: 'x' } }]);
    expect(problems.map(({ path, message }) => `${path}: ${message}`).join('\n')).toContain(problem);
  });
});
