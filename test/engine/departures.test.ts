import { describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import { refOf, type Manifest } from '../../src/app/manifest.js';
import { appUrn, objectUrn } from '../../src/app/resource-name.js';
import { EMPTY_STATE, type StackState } from '../../src/engine/checkpoint.js';
import { departuresOf, movedOf } from '../../src/engine/departures.js';
import type { UpdateRequest } from '../../src/engine/port.js';

const ID = { project: 'prodesk', stack: 'prodesk' };

function config(name: string, apiVersion = 'v1'): Manifest {
  return { apiVersion, kind: 'ConfigMap', metadata: { name, namespace: 'prodesk' } };
}

function app(name: string, ...objects: Manifest[]): DeployApp {
  return { name, namespace: 'prodesk', createNamespace: false, objects };
}

function requestFor(apps: readonly DeployApp[], more: Partial<UpdateRequest> = {}): UpdateRequest {
  return { apps, images: {}, fingerprints: {}, remove: [], scope: 'targeted', adopt: true, repair: [], ...more };
}

const urnOf = (name: string, object: Manifest): string => objectUrn(ID, name, refOf(object));
const [STAYS, LEAVES, OTHER] = [urnOf('a', config('stays')), urnOf('a', config('leaves')), urnOf('b', config('b'))];
const STATE: StackState = {
  ...EMPTY_STATE,
  urns: new Set([appUrn(ID, 'a'), appUrn(ID, 'b'), STAYS, LEAVES, OTHER]),
  uids: new Map([[LEAVES, 'u']]),
};

function departing(request: UpdateRequest, state = STATE): string[] {
  return departuresOf(ID, request, state).map(({ urn }) => urn);
}

describe('engine/departures', () => {
  it('an object that left its application departs, with its application and uid; others do not', () => {
    expect(departuresOf(ID, requestFor([app('a', config('stays'))]), STATE)).toEqual([
      { urn: LEAVES, app: 'a', ref: refOf(config('leaves')), uid: 'u' },
    ]);
  });

  it.each([
    ['all of a removed application', requestFor([], { remove: ['b'] }), [OTHER]],
    [
      'in a whole update, all that is not defined',
      requestFor([app('b', config('b'))], { scope: 'whole' }),
      [STAYS, LEAVES],
    ],
    [
      'nothing in a stage that keeps the rest',
      requestFor([{ ...app('a', config('stays')), extent: { untouched: [], anew: [], keepsRest: true } }]),
      [],
    ],
    ['nothing that the state does not have', requestFor([app('c', config('c'))]), []],
  ])('%s', (_what, request, urns) => {
    expect(departing(request)).toEqual(urns);
  });

  it('what stays in the cluster anyway does not depart', () => {
    const state = { ...STATE, retained: new Set([LEAVES]) };
    expect(departing(requestFor([app('a', config('stays'))]), state)).toEqual([]);
  });

  it('an object that the same run defines elsewhere has moved', () => {
    const elsewhere = requestFor([app('a', config('stays')), app('b', config('b'), config('leaves'))]);
    expect(movedOf(departuresOf(ID, elsewhere, STATE), elsewhere).map(({ urn }) => urn)).toEqual([LEAVES]);
    const nowhere = requestFor([app('a', config('stays'))]);
    expect(movedOf(departuresOf(ID, nowhere, STATE), nowhere)).toEqual([]);
  });

  it('an object whose API version changed has moved', () => {
    const old = urnOf('a', config('stays', 'v1beta1'));
    const state = { ...STATE, urns: new Set([appUrn(ID, 'a'), old]) };
    const request = requestFor([app('a', config('stays'))]);
    expect(movedOf(departuresOf(ID, request, state), request).map(({ urn }) => urn)).toEqual([old]);
  });
});
