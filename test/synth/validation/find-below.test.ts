import { describe, expect, it } from 'vitest';
import { findBelow } from '../../../src/synth/validation/find-below.js';
import type { Schema } from '../../../src/synth/validation/open-api.js';

const leaf: Schema = { properties: { image: { type: 'string' } } };
const tree: Schema = {
  properties: {
    own: {},
    template: { properties: { spec: { properties: { containers: { type: 'array', items: { $ref: 'leaf' } } } } } },
    self: { $ref: 'tree' },
  },
};
const resolve = (schema: Schema): Schema => (schema.$ref === undefined ? schema : schema.$ref === 'leaf' ? leaf : tree);

describe('synth/validation/find-below', () => {
  it.each([
    ['a field two steps below', 'containers', 'template.spec'],
    ['a field of the items of a list', 'image', 'template.spec.containers[]'],
    ['a field that is nowhere, in schemas that lead back to themselves', 'nothing', undefined],
  ])('%s', (_what, name, place) => {
    expect(findBelow(tree, name, resolve)).toBe(place);
  });
});
