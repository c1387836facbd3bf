import { describe, expect, it } from 'vitest';
import { nearestName, secretKeyOf } from '../../../src/cli/secrets/names.js';

describe('cli/secrets/names', () => {
  it.each([
    ['DB_PASSWORD', 'shop', 'shop.DB_PASSWORD'],
    ['shop.DB_PASSWORD', undefined, 'shop.DB_PASSWORD'],
    ['prodesk:restartKey', undefined, 'restartKey'],
  ])('%s of application %s is %s', (key, app, expected) => {
    expect(secretKeyOf(key, app)).toBe(expected);
  });

  it.each([
    ['A B', undefined],
    ['.x', 'shop'],
    ['', undefined],
    ['A=sentinel', undefined],
    ['x', '../shop'],
  ])('%j of application %j is refused', (key, app) => {
    expect(() => secretKeyOf(key, app)).toThrow(expect.objectContaining({ code: 'config/invalid' }) as Error);
  });

  it.each([
    ['.dockerconfigjson', 'dockerconfigjson'],
    ['redis.conf', 'redis.conf'],
    ['a/b c', 'a_b_c'],
  ])('%s can be called %s', (name, expected) => {
    expect(nearestName(name)).toBe(expected);
  });
});
