import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemaCatalog } from '../../../src/synth/validation/catalog.js';
import { addDefinitions, validateObjects } from '../../../src/synth/validation/validate-objects.js';
import { definitionOfThing, THING } from './things.js';

const WORDS = fc.constantFrom(
  'spec',
  'metadata',
  'containers',
  'template',
  'ports',
  'name',
  'rules',
  'data',
  '__proto__',
);
const WILD = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, 0, 1.5, '', 'text', []),
    fc.dictionary(WORDS, tie('value')),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;
const KEYWORDS = fc.constantFrom(
  ...[
    'type',
    'items',
    'properties',
    'required',
    'enum',
    'allOf',
    'oneOf',
    'not',
    'pattern',
    'nullable',
    'default',
    '$ref',
  ],
  ...['additionalProperties', 'x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'object', 'array', 'constructor'],
);
const WILD_SCHEMA = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(null, true, 1, '('),
    KEYWORDS,
    fc.dictionary(KEYWORDS, tie('value')),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;

describe('synth/validation/validate-objects', () => {
  const catalog = new SchemaCatalog();

  it('whatever an object holds, it has problems or none, and nothing is thrown', () => {
    const kinds = fc.constantFrom(
      'v1 Pod',
      'apps/v1 Deployment',
      'v1 Service',
      'traefik.io/v1alpha1 IngressRoute',
      'v2 None',
    );
    fc.assert(
      fc.property(kinds, fc.dictionary(WORDS, WILD), (name, fields) => {
        const [apiVersion, kind] = name.split(' ');
        const { problems } = validateObjects(catalog, [{ ...fields, apiVersion, kind }]);
        expect(problems.every(({ path, message }) => typeof path === 'string' && message.length > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('whatever a definition says, it is used or not, and nothing is thrown', () => {
    let used = 0;
    fc.assert(
      fc.property(fc.dictionary(KEYWORDS, WILD_SCHEMA), WILD, (schema, spec) => {
        const known = new SchemaCatalog();
        addDefinitions(known, [definitionOfThing({ properties: { spec: schema } })]);
        used += validateObjects(known, [{ ...THING, spec }]).unchecked.length === 0 ? 1 : 0;
      }),
      { numRuns: 100 },
    );
    expect(used).toBeGreaterThan(0);
  });

  it.each([
    ['items', { items: { allOf: {} } }],
    ['additional properties', { additionalProperties: { properties: { a: { required: 'b' } } } }],
  ])('a definition whose %s hold no schema is not used', (_where, schema) => {
    const known = new SchemaCatalog();
    const definition = definitionOfThing({ properties: { spec: schema } });
    addDefinitions(known, [definition]);
    expect(validateObjects(known, [definition]).problems).toHaveLength(1);
    expect(validateObjects(known, [{ ...THING, spec: [{}] }]).unchecked).toHaveLength(1);
  });

  it('null among the forms of a definition says nothing', () => {
    const known = new SchemaCatalog();
    addDefinitions(known, [definitionOfThing({ properties: { spec: { allOf: [null, { type: 'string' }] } } })]);
    const [first, second] = ['text', 1].map((spec) => validateObjects(known, [{ ...THING, spec }]).problems);
    expect([first, second?.map(({ path }) => path)]).toEqual([[], ['spec']]);
  });

  it('what is no object, or has no kind, is left to others', () => {
    const { problems, unchecked } = validateObjects(catalog, [
      null,
      'text',
      [],
      {},
      { apiVersion: 'v1' },
      { kind: 'Pod' },
    ]);
    expect([...problems, ...unchecked]).toEqual([]);
  });

  it('an object with very many problems tells some of them', () => {
    const env = Array.from({ length: 1000 }, (_, at) => ({ name: `A${at}`, valu: 'x' }));
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', env }] } };
    expect(validateObjects(catalog, [pod]).problems).toHaveLength(20);
  });
});
