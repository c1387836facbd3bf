import { describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import { keyOf, refOf, type Manifest } from '../../src/app/manifest.js';
import { appUrn, namespaceUrn, objectUrn, providerUrn } from '../../src/app/resource-name.js';
import { EMPTY_STATE, type StackState } from '../../src/engine/checkpoint.js';
import { replacedUrns, targetsOf } from '../../src/engine/targets.js';

const ID = { project: 'prodesk', stack: 'prodesk' };

function config(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'prodesk' } };
}

function app(name: string, namespace = 'prodesk', createNamespace = true): DeployApp {
  return { name, namespace, createNamespace, objects: [config(name)] };
}

function having(...urns: string[]): StackState {
  return { ...EMPTY_STATE, urns: new Set(urns) };
}

const A = [appUrn(ID, 'a'), objectUrn(ID, 'a', refOf(config('a')))];
const OLD = objectUrn(ID, 'a', refOf(config('old')));
const B = [appUrn(ID, 'b'), objectUrn(ID, 'b', refOf(config('b')))];
const SHARED = [providerUrn(ID), namespaceUrn(ID, 'prodesk')];

describe('engine/targets', () => {
  it.each([
    ['a new stack needs its provider and namespace too', [app('a')], [], having(), [...SHARED, ...A]],
    ['a provider that is there is no target, because all depends on it', [app('a')], [], having(...SHARED, ...B), A],
    ['a second namespace is created', [app('a', 'x')], [], having(...SHARED), [namespaceUrn(ID, 'x'), ...A]],
    ['a namespace that nobody creates is no target', [app('a', 'x', false)], [], having(...SHARED), A],
    ['a built-in namespace is no target', [app('a', 'kube-system')], [], having(...SHARED), A],
    ['objects that left the program are targets', [app('a')], [], having(...SHARED, ...A, OLD), [...A, OLD]],
    ['other applications are not touched', [app('a')], [], having(...SHARED, ...A, ...B), A],
    ['a removed application is targeted by what the state has of it', [], ['b'], having(...SHARED, ...A, ...B), B],
    [
      'the last application of a namespace takes it out of the state',
      [],
      ['a'],
      having(...SHARED, ...A),
      [SHARED[1] ?? '', ...A],
    ],
    ['an application that was never there needs no removal', [], ['b'], having(...SHARED, ...A), []],
    ['removing from an empty state touches nothing', [], ['b'], having(), []],
  ])('%s', (_rule, apps, remove, state, expected) => {
    expect([...targetsOf(ID, { apps, remove }, state)].sort()).toEqual([...expected].sort());
  });

  describe('a part of an application', () => {
    const hidden = objectUrn(ID, 'a', refOf(config('hidden')));
    const part = (keepsRest: boolean): DeployApp => ({
      ...app('a'),
      objects: [config('a'), config('hidden')],
      extent: { untouched: [keyOf(config('hidden'))], keepsRest, anew: [keyOf(config('a')), keyOf(config('hidden'))] },
    });

    it.each([
      ['what is untouched is no target, there or not', part(false), having(...SHARED, ...A, hidden), A],
      ['what left is a target when the rest goes', part(false), having(...SHARED, ...A, OLD), [...A, OLD]],
      [
        'what left stays while the rest is kept, and so does the component',
        part(true),
        having(...SHARED, ...A, OLD),
        A.slice(1),
      ],
      ['a component that is not there is made', part(true), having(...SHARED), A],
    ])('%s', (_rule, one, state, expected) => {
      expect([...targetsOf(ID, { apps: [one], remove: [] }, state)].sort()).toEqual([...expected].sort());
    });

    it('what is to be made anew is replaced where it is there', () => {
      const request = { apps: [part(true)], remove: [] };
      expect(replacedUrns(ID, request, having(...A))).toEqual(A.slice(1));
      expect(replacedUrns(ID, request, having())).toEqual([]);
    });
  });

  it('no target is a pattern', () => {
    const targets = targetsOf(ID, { apps: [app('a'), app('b')], remove: [] }, having());
    expect(targets.filter((urn) => urn.includes('*'))).toEqual([]);
  });
});
