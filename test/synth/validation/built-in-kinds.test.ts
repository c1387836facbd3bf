import { describe, expect, it } from 'vitest';
import { secretMarker } from '../../../src/app/secret-marker.js';
import { SchemaCatalog } from '../../../src/synth/validation/catalog.js';
import { validateObjects } from '../../../src/synth/validation/validate-objects.js';
import { FINE, MISTAKES } from './mistakes.js';

const catalog = new SchemaCatalog();
const problemsOf = (object: unknown): string[] =>
  validateObjects(catalog, [object]).problems.map(({ path, message }) => `${path}: ${message}`);
const secret = (more: object): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, ...more });

describe('synth/validation/built-in-kinds', () => {
  it.each(MISTAKES)('$what is found', ({ object, problem }) => {
    expect(problemsOf(object).filter((one) => one.startsWith(problem))).toHaveLength(1);
  });

  it.each(FINE)('%s is fine', (_what, object) => {
    expect(problemsOf(object)).toEqual([]);
  });

  it.each([
    ['texts', { stringData: { a: secretMarker('x.A') } }],
    ['base64', { data: { a: secretMarker('x.A') } }],
  ])('secret markers are fine as %s', (_as, more) => {
    expect(problemsOf(secret(more))).toEqual([]);
  });

  it('a secret marker is no number', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { ports: [{ port: secretMarker('x.A') }] },
    };
    expect(problemsOf(service)).toEqual(['spec.ports[0].port: must be a whole number, not a string']);
  });

  it.each([
    ['Deploymnet', 'Deployment'],
    ['Statefulset', 'StatefulSet'],
  ])('a kind %s is mistyped', (kind, meant) => {
    expect(problemsOf({ apiVersion: 'apps/v1', kind, metadata: { name: 'web' } })).toEqual([
      `kind: apps/v1 has no kind "${kind}", did you mean "${meant}"?`,
    ]);
  });

  it('all problems of an object are told, each at its place', () => {
    const containers = [{ name: 'a', image: 1, comand: [], env: [{ value: true }] }];
    expect(problemsOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers } })).toEqual([
      'spec.containers[0].image: must be a string, not a number',
      'spec.containers[0].comand: unknown field, did you mean "command"?',
      'spec.containers[0].env[0].value: must be a string, not a boolean',
      'spec.containers[0].env[0].name: is required',
    ]);
  });

  it('a message never tells a text that may be secret', () => {
    const wrong = [
      secret({ data: { a: 'hunter2!' } }),
      secret({ stringData: { a: 12345678 } }),
      secret({ data: 'hunter2!' }),
    ];
    expect(wrong.flatMap(problemsOf).join()).not.toMatch(/hunter2|12345678/);
    expect(wrong.flatMap(problemsOf)).toHaveLength(3);
  });
});
