import { describe, expect, it } from 'vitest';
import {
  fieldOf,
  formatPath,
  isWithin,
  parsePath,
  type PropertyPath,
} from '../../../src/sandbox/provider/property-path.js';

describe('sandbox/provider/property-path', () => {
  it.each<[PropertyPath, string]>([
    [['spec', 'template', 'spec', 'containers', 0, 'env'], 'spec.template.spec.containers[0].env'],
    [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels["app.kubernetes.io/name"]'],
    [['data', 'a"b'], 'data["a\\"b"]'],
  ])('writes and reads %j', (path, text) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  it.each<[string, string, boolean]>([
    ['spec.replicas', 'spec', true],
    ['spec.replicas', 'spec.replicas', true],
    ['spec', 'spec.replicas', false],
    ['spec.containers[3].image', 'spec.containers[*].image', true],
    ['specification', 'spec', false],
  ])('%s is within %s: %s', (path, prefix, expected) => {
    expect(isWithin(parsePath(path), parsePath(prefix))).toBe(expected);
  });

  it('a field is a path without indexes', () => {
    expect(fieldOf(['spec', 'ports', 0, 'port'])).toBe('spec.ports.port');
  });
});
