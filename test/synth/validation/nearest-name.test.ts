import { describe, expect, it } from 'vitest';
import { nearestName, suggestion } from '../../../src/synth/validation/nearest-name.js';

describe('synth/validation/nearest-name', () => {
  it.each([
    ['a letter is missing', 'resource', ['requests', 'resources'], 'resources'],
    ['a letter is too many', 'replicass', ['replicas'], 'replicas'],
    ['two letters are swapped', 'imgae', ['name', 'image'], 'image'],
    ['only the capitals differ', 'containerport', ['containerPort', 'hostPort'], 'containerPort'],
    ['one begins with the other', 'env', ['environment'], 'environment'],
    ['the nearer of two', 'port', ['ports', 'post'], 'ports'],
    ['another word', 'volume', ['args', 'image'], undefined],
    ['short words must be nearer', 'abc', ['axy'], undefined],
    ['nothing is known', 'image', [], undefined],
  ])('%s', (_what, mistyped, names, nearest) => {
    expect(nearestName(mistyped, names)).toBe(nearest);
  });

  it('a suggestion ends a sentence, and is empty without a name', () => {
    expect(suggestion('imgae', ['image'])).toBe(', did you mean "image"?');
    expect(suggestion('imgae', [])).toBe('');
  });
});
