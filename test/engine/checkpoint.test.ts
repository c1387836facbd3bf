import { describe, expect, it } from 'vitest';
import { EMPTY_STATE, parseState, urnsOfApps, withoutPendingOperations } from '../../src/engine/checkpoint.js';

const ROOT = {
  urn: 'urn:pulumi:prodesk::prodesk::pulumi:pulumi:Stack::prodesk-prodesk',
  type: 'pulumi:pulumi:Stack',
  outputs: { images: { a: { 'ghcr.io/o/a': 'master-1' } }, fingerprints: { a: 'f' } },
};
const APP = { urn: 'urn:pulumi:prodesk::prodesk::prodesk:index:Application::a', type: 'prodesk:index:Application' };
const OTHER = { urn: 'urn:pulumi:prodesk::prodesk::prodesk:index:Application::ab', type: 'prodesk:index:Application' };
const RESOURCES = { resources: [ROOT, APP, OTHER], metadata: {} };

describe('engine/checkpoint', () => {
  it.each([
    ['a file of the file backend', { version: 3, checkpoint: { stack: 's', latest: RESOURCES } }],
    ['an exported stack', { version: 3, deployment: RESOURCES }],
  ])('%s is read', (_form, value) => {
    const state = parseState(JSON.stringify(value));
    expect(state?.outputs).toEqual(ROOT.outputs);
    expect([...(state?.urns ?? [])]).toEqual([ROOT.urn, APP.urn, OTHER.urn]);
    expect(state?.pendingOperations).toBe(0);
  });

  it.each([
    ['a stack that was never updated', { version: 3, checkpoint: { stack: 's', latest: null } }],
    ['a stack without resources', { version: 3, deployment: { manifest: {} } }],
  ])('%s is empty', (_form, value) => {
    expect(parseState(JSON.stringify(value))).toEqual(EMPTY_STATE);
  });

  it.each([
    ['half a file', '{"version":3,"checkpoint":{"sta'],
    ['an empty file', ''],
    ['zeroes after a power cut', '\0\0\0\0'],
    ['something else', '{"version":3}'],
  ])('%s is no state', (_form, text) => {
    expect(parseState(text)).toBeUndefined();
  });

  it('outputs of an unknown form count as none', () => {
    const odd = { ...ROOT, outputs: { images: 'x', fingerprints: { a: 'f' } } };
    expect(parseState(JSON.stringify({ deployment: { resources: [odd, APP] } }))?.outputs).toEqual({
      images: {},
      fingerprints: { a: 'f' },
    });
  });

  it('outputs of applications that the state does not have count as none', () => {
    const outputs = { images: { a: { i: '1' }, b: { i: '2' } }, fingerprints: { a: 'f', b: 'g' } };
    const resources = [{ ...ROOT, outputs }, APP];
    expect(parseState(JSON.stringify({ deployment: { resources } }))?.outputs).toEqual({
      images: { a: { i: '1' } },
      fingerprints: { a: 'f' },
    });
  });

  it('pending operations are counted, and gone after they are cleared', () => {
    const exported = { ...RESOURCES, pending_operations: [{ type: 'creating' }] };
    expect(parseState(JSON.stringify({ deployment: exported }))?.pendingOperations).toBe(1);
    expect(parseState(JSON.stringify({ deployment: withoutPendingOperations(exported) }))?.pendingOperations).toBe(0);
  });

  it('an application whose name begins another one’s has its own URNs only', () => {
    const state = parseState(JSON.stringify({ deployment: RESOURCES })) ?? EMPTY_STATE;
    expect(urnsOfApps(state, ['a'])).toEqual([APP.urn]);
  });
});
