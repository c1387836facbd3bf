import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/sandbox/provider/json.js';
import { pruneTo } from '../../../src/sandbox/provider/prune.js';

const KEYED = { 'f:ports': { 'k:{"port":1,"protocol":"TCP"}': { 'f:name': {} } } };

describe('sandbox/provider/prune', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject | undefined, JsonObject]>([
    ['fields that the shape does not name are left out', { a: 1, status: {} }, { a: 2 }, undefined, { a: 1 }],
    ['a field that is not live stays away', {}, { a: 1 }, undefined, {}],
    [
      'named elements keep the order of the shape; others are left out',
      { list: [{ name: 'x', v: 1 }, { name: 'other' }, { name: 'y', v: 2, d: 0 }] },
      {
        list: [
          { name: 'y', v: 0 },
          { name: 'x', v: 0 },
        ],
      },
      undefined,
      {
        list: [
          { name: 'y', v: 2 },
          { name: 'x', v: 1 },
        ],
      },
    ],
    [
      'elements are found by the keys that the server merges by, with their defaults',
      {
        ports: [
          { port: 2, protocol: 'TCP' },
          { port: 1, protocol: 'TCP', name: 'n' },
        ],
      },
      { ports: [{ port: 1, name: 'm' }] },
      KEYED,
      { ports: [{ port: 1, name: 'n' }] },
    ],
    [
      'an added element of an atomic list is seen',
      { args: ['a', 'b'] },
      { args: ['a'] },
      { 'f:args': {} },
      { args: ['a', 'b'] },
    ],
    [
      'an added element of a set is not ours',
      { finalizers: ['mine', 'theirs'] },
      { finalizers: ['mine'] },
      { 'f:finalizers': { 'v:"mine"': {} } },
      { finalizers: ['mine'] },
    ],
    [
      'elements of an atomic list are pruned by position',
      { rules: [{ host: 'a', added: 1 }] },
      { rules: [{ host: 'b' }] },
      { 'f:rules': {} },
      { rules: [{ host: 'a' }] },
    ],
  ])('%s', (_rule, live, shape, owned, expected) => {
    expect(pruneTo(live, shape, owned)).toEqual(expected);
  });
});
