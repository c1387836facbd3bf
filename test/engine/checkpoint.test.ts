import { describe, expect, it } from 'vitest';
import {
  EMPTY_STATE,
  parseState,
  urnsOfApps,
  withoutPendingOperations,
  withoutResources,
} from '../../src/engine/checkpoint.js';

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

  it('uids of live objects are known, but for what is encrypted, and so is what stays', () => {
    const [plain, secret, kept] = ['plain', 'secret', 'kept'];
    const resources = [
      { urn: plain, type: 't', outputs: { metadata: { uid: 'u1' } } },
      { urn: secret, type: 't', outputs: { metadata: { sig: 's', ciphertext: 'c' } } },
      { urn: kept, type: 't', outputs: { metadata: { uid: 'u2' } }, retainOnDelete: true },
    ];
    const state = parseState(JSON.stringify({ deployment: { resources } }));
    expect([...(state?.uids ?? [])]).toEqual([
      [plain, 'u1'],
      [kept, 'u2'],
    ]);
    expect([...(state?.retained ?? [])]).toEqual([kept]);
  });

  it('resources that are released are gone, and nothing depends on them; the rest is as it was', () => {
    const gone = { urn: 'gone', type: 't', custom: true };
    const stays = {
      urn: 'stays',
      type: 't',
      custom: true,
      dependencies: ['gone', 'other'],
      propertyDependencies: { spec: ['gone'], data: null },
    };
    const exported = { manifest: { version: 'v3' }, resources: [gone, stays] };
    expect(withoutResources(exported, new Set(['gone']))).toEqual({
      manifest: { version: 'v3' },
      resources: [{ ...stays, dependencies: ['other'], propertyDependencies: { spec: [], data: null } }],
    });
    expect(withoutResources({}, new Set(['gone']))).toEqual({ resources: [] });
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
