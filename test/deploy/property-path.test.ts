import { describe, expect, it } from 'vitest';
import { propertyPathOf } from '../../src/deploy/property-path.js';

describe('deploy/property-path', () => {
  it.each([
    ['/spec/replicas', 'spec.replicas'],
    ['/spec/template/spec/containers/0/image', 'spec.template.spec.containers[0].image'],
    ['/metadata/labels/app.kubernetes.io~1name', 'metadata.labels["app.kubernetes.io/name"]'],
    ['/data/a~0b', 'data.a~b'],
  ])('%s is %s', (pointer, path) => {
    expect(propertyPathOf(pointer)).toBe(path);
  });
});
