import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/synth/validation/field-path.js';

describe('synth/validation/field-path', () => {
  it.each([
    ['fields and positions', ['spec', 'ports', 0, 'port'], 'spec.ports[0].port'],
    ['a key with dots is quoted', ['metadata', 'labels', 'example.com/a.b'], 'metadata.labels["example.com/a.b"]'],
    ['the object itself', [], ''],
  ])('%s', (_what, path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});
