import { describe, expect, it } from 'vitest';
import { inputsOfLive, manifestOf, placedAt } from '../../../src/sandbox/provider/manifest.js';

const SECRET = { group: '', version: 'v1', kind: 'Secret' };
const MAP = { group: '', version: 'v1', kind: 'ConfigMap' };

describe('sandbox/provider/manifest', () => {
  it('stringData of a Secret becomes data and wins over it', () => {
    const manifest = manifestOf({ stringData: { a: 'ä' }, data: { a: 'b2xk', b: 'Yg==' } }, SECRET);

    expect(manifest).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: {}, data: { a: 'w6Q=', b: 'Yg==' } });
  });

  it('fields that only the server writes are left out', () => {
    expect(manifestOf({ metadata: { name: 'a', uid: 'u', resourceVersion: '1', managedFields: [] } }, MAP)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
    });
  });

  it('the inputs of a live object have no status and no bookkeeping', () => {
    const annotations = { 'deployment.kubernetes.io/revision': '3' };

    expect(
      inputsOfLive({ metadata: { name: 'a', uid: 'u', annotations }, data: { a: '1' }, status: { x: 1 } }, MAP),
    ).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { a: '1' },
    });
  });

  it('an object without a namespace loses one that was written by mistake', () => {
    expect(placedAt({ metadata: { name: 'a', namespace: 'n', labels: {} } }, { name: 'a' })).toEqual({
      metadata: { name: 'a', labels: {} },
    });
  });
});
