import { describe, expect, it } from 'vitest';
import { refOf } from '../../../src/app/manifest.js';
import { objectUrn } from '../../../src/app/resource-name.js';
import type { LabelledObject } from '../../../src/cluster/port.js';
import { orphansOf } from '../../../src/driver/core/orphans.js';
import { application, Scenario } from './scenario.js';

const WEB = application('web');
const STACK = { project: 'prodesk', stack: 'prodesk' };

function labelled(app: string, kind: string, name: string, more: Partial<LabelledObject> = {}): LabelledObject {
  return { app, ref: { apiVersion: 'apps/v1', kind, namespace: 'default', name }, isKept: false, ...more };
}

const LIVE = [...WEB.objects.map((object) => ({ app: 'web', ref: refOf(object), isKept: false }))];

describe('driver/core/orphans', () => {
  it('what a definition has is none', () => {
    expect(orphansOf(new Scenario().settled(WEB).state, LIVE, [])).toEqual([]);
  });

  it('what nothing has is one: of an application that is there, and of one that is not', () => {
    const strays = [labelled('web', 'StatefulSet', 'old'), labelled('gone', 'Deployment', 'gone')];
    const found = orphansOf(new Scenario().settled(WEB).state, [...LIVE, ...strays], []);
    expect(found.map(({ app, ref }) => [app, ref.name])).toEqual([
      ['gone', 'gone'],
      ['web', 'old'],
    ]);
  });

  it('what the stack’s state still has is none: the next sync or prune deletes it', () => {
    const stray = labelled('gone', 'Deployment', 'gone');
    const urn = objectUrn(STACK, 'gone', stray.ref);
    expect(orphansOf(new Scenario().settled(WEB).state, [stray], [urn])).toEqual([]);
  });

  it('the same name under another application is one', () => {
    const [object] = LIVE;
    expect(object && orphansOf(new Scenario().settled(WEB).state, [{ ...object, app: 'other' }], [])).toHaveLength(1);
  });

  it('an object of a kind without namespaces is found although its manifest names one', () => {
    const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v', namespace: 'default' } };
    const state = new Scenario().settled({ ...WEB, objects: [...WEB.objects, volume] }).state;
    const live = { app: 'web', ref: { apiVersion: 'v1', kind: 'PersistentVolume', name: 'v' }, isKept: true };
    expect(orphansOf(state, [live], [])).toEqual([]);
  });

  it('before the first revision, and of an application that cannot be synthesized, nothing is said', () => {
    const stray = labelled('web', 'StatefulSet', 'old');
    expect(orphansOf(new Scenario().start().state, [stray], [])).toEqual([]);
    const failed = { web: { message: 'it threw' } };
    expect(orphansOf(new Scenario().start().commit('c1', [], { failed }).state, [stray], [])).toEqual([]);
  });
});
