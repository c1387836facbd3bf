import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/sandbox/provider/json.js';
import { fieldManagerOf, withName, type Autonaming } from '../../../src/sandbox/provider/naming.js';

const name = (inputs: JsonObject, old: JsonObject = {}, autonaming?: Autonaming, seed = 1): JsonObject =>
  withName(inputs, old, {
    resourceName: 'App',
    seed: new Uint8Array([seed]),
    ...(autonaming === undefined ? {} : { autonaming }),
  });

describe('sandbox/provider/naming', () => {
  it('a name that is given stays', () => {
    expect(name({ metadata: { name: 'mine' } })).toEqual({ metadata: { name: 'mine' } });
  });

  it('a missing name is made from the resource name and the seed', () => {
    const named = name({ metadata: { labels: { a: 'b' } } });

    expect(named).toEqual({
      metadata: {
        labels: { a: 'b' },
        name: expect.stringMatching(/^app-[0-9a-f]{8}$/) as unknown,
        annotations: { 'pulumi.com/autonamed': 'true' },
      },
    });
    expect(name({ metadata: { labels: { a: 'b' } } })).toEqual(named);
    expect(name({ metadata: { labels: { a: 'b' } } }, {}, undefined, 2)).not.toEqual(named);
  });

  it('an automatic name is kept, a given one that was dropped is not', () => {
    const annotations = { 'pulumi.com/autonamed': 'true' };

    expect(name({}, { metadata: { name: 'app-12345678', annotations } })).toMatchObject({
      metadata: { name: 'app-12345678' },
    });
    expect(name({}, { metadata: { name: 'given' } })).not.toMatchObject({ metadata: { name: 'given' } });
  });

  it('generateName leaves the naming to the API server', () => {
    expect(name({ metadata: { generateName: 'x-' } })).toEqual({ metadata: { generateName: 'x-' } });
  });

  it.each<[Autonaming['mode'], string | undefined]>([
    ['propose', 'wanted'],
    ['enforce', 'wanted'],
    ['disable', undefined],
  ])('automatic names of mode %s give %s', (mode, expected) => {
    const named = name({}, {}, { mode, proposed: 'wanted' });

    expect((named['metadata'] as JsonObject | undefined)?.['name']).toBe(expected);
  });

  it('the field manager is that of the annotation, then that of the state, then a stable new one', () => {
    const annotated = { metadata: { annotations: { 'pulumi.com/patchFieldManager': 'prodesk' } } };

    expect(fieldManagerOf(annotated, 'old', 'urn')).toBe('prodesk');
    expect(fieldManagerOf({}, 'old', 'urn')).toBe('old');
    expect(fieldManagerOf({}, undefined, 'urn')).toBe(fieldManagerOf({}, undefined, 'urn'));
    expect(fieldManagerOf({}, undefined, 'urn')).not.toBe(fieldManagerOf({}, undefined, 'other'));
  });
});
