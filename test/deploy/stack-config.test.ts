import * as pulumi from '@pulumi/pulumi';
import { beforeEach, describe, expect, it } from 'vitest';
import { imageOverridesOf, readStackConfig } from '../../src/deploy/stack-config.js';

describe('deploy/stack-config', () => {
  beforeEach(() => {
    pulumi.runtime.setAllConfig({
      'prodesk:domain': 'example.org',
      'prodesk:replicas': '2',
      'prodesk:app.password': 'hunter2',
      'prodesk:images': '{"a":{"ghcr.io/o/a":"master-1"}}',
      'kubernetes:namespace': 'x',
    });
  });

  it('plain values are settings, of secret ones only the names are', () => {
    const { settings } = readStackConfig('["prodesk:app.password"]');
    expect(settings).toEqual({ settings: { domain: 'example.org', replicas: '2' }, secretKeys: ['app.password'] });
  });

  it('image overrides are read from prodesk:images and are no setting', () => {
    expect(readStackConfig(undefined).images).toEqual({ a: { 'ghcr.io/o/a': 'master-1' } });
  });

  it.each([
    ['no value is no override', undefined, {}],
    ['null is no override', null, {}],
    ['a map of maps is taken', { a: { i: 't' } }, { a: { i: 't' } }],
  ])('%s', (_rule, value, expected) => {
    expect(imageOverridesOf(value, 'stack config')).toEqual(expected);
  });

  it.each([
    ['a list', [], /stack config must be a map/],
    ['a text', 'x', /stack config must be a map/],
    ['a text instead of tags', { a: 'x' }, /stack config: a must be a map/],
    ['a number as tag', { a: { i: 1 } }, /stack config: a: the tag of i must be a text/],
  ])('%s is refused with its place', (_rule, value, message) => {
    expect(() => imageOverridesOf(value, 'stack config')).toThrow(message);
  });
});
