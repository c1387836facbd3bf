import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/sandbox/provider/json.js';
import { checkpointOutputs } from '../../../src/sandbox/provider/checkpoint.js';
import { secretOf } from '../../../src/sandbox/provider/property-value.js';
import { secretTextsOf, withSecrets } from '../../../src/sandbox/provider/secrets.js';

describe('sandbox/provider/secrets', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    [
      'a value that is secret in the inputs',
      { data: { a: '1', b: '2' } },
      { data: { a: secretOf('1'), b: '2' } },
      { data: { a: secretOf('1'), b: '2' } },
    ],
    [
      'a list with a secret inside, as a whole',
      { list: ['1', '2'] },
      { list: [secretOf('1'), '2'] },
      { list: secretOf(['1', '2']) },
    ],
    [
      'an object that is secret as a whole',
      { data: { a: '1' } },
      { data: secretOf({ a: '1' }) },
      { data: secretOf({ a: '1' }) },
    ],
    [
      'the data of a Secret, always',
      { kind: 'Secret', data: { a: '1' } },
      {},
      { kind: 'Secret', data: secretOf({ a: '1' }) },
    ],
    [
      'nothing else',
      { kind: 'ConfigMap', data: { a: '1' } },
      { data: { a: '1' } },
      { kind: 'ConfigMap', data: { a: '1' } },
    ],
  ])('marks %s', (_what, object, source, expected) => {
    expect(withSecrets(object, source)).toEqual(expected);
  });

  it('the inputs in the outputs are marked as well', () => {
    const inputs = { kind: 'Secret', stringData: { a: 'x' } };

    const outputs = checkpointOutputs(
      { live: { kind: 'Secret', apiVersion: 'v1', data: { a: 'eA==' } }, inputs },
      inputs,
    );

    expect(outputs).toEqual({
      kind: 'Secret',
      apiVersion: 'v1',
      data: secretOf({ a: 'eA==' }),
      __inputs: { kind: 'Secret', stringData: secretOf({ a: 'x' }) },
      __initialApiVersion: 'v1',
    });
  });

  it('the texts to hide are secret inputs and the data of a Secret, encoded and decoded', () => {
    expect(secretTextsOf({ kind: 'ConfigMap', data: { a: secretOf('word'), b: 'open' } })).toEqual(['word']);
    expect(secretTextsOf({ kind: 'Secret', data: { a: 'd29yZA==' } })).toEqual(['d29yZA==', 'word']);
  });
});
