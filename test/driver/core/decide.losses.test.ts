import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import type { Manifest } from '../../../src/app/manifest.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, HEALTHY, Scenario } from './scenario.js';

function object(name: string, annotations: Readonly<Record<string, string>> = {}, kind = 'ConfigMap'): Manifest {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default', annotations } };
}

const KEPT = { 'prodesk.dev/prune': 'false' };

function shop(names: readonly string[], more: readonly Manifest[] = [], note = ''): DesiredApp {
  const [deployment] = application('shop', { note }).objects;
  return {
    ...application('shop'),
    objects: [...(deployment ? [deployment] : []), ...names.map((name) => object(name)), ...more],
  };
}

const FULL = ['a', 'b', 'c', 'd'];

/** Five objects, deployed and Healthy. */
function deployed(more: readonly Manifest[] = []): Scenario {
  return new Scenario()
    .start()
    .commit('c1', [shop(FULL, more)])
    .finish()
    .observe('shop', HEALTHY);
}

const messageOf = (scenario: Scenario): string | undefined => summarize(scenario.state).apps[0]?.message;
const HELD =
  'commit c2 removes 3 of the 5 objects of shop, so nothing of it is applied; if they may go: prodesk sync shop --prune';

describe('driver/core/decide losses', () => {
  it('a commit that removes most of an application is held, and says what to do', () => {
    const scenario = deployed().commit('c2', [shop(['a'])]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.wait(86_400_000).started()).toBeUndefined();
    expect(messageOf(scenario)).toBe(HELD);
    expect(summarize(scenario.state).apps[0]?.problems).toMatchObject([{ code: 'prune/needs-confirmation' }]);
  });

  it('a person lets it go with --prune, and not without', () => {
    const scenario = deployed()
      .commit('c2', [shop(['a'])])
      .sync('shop');
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('shop')).toMatchObject({ problem: { message: HELD } });
    expect(scenario.app('shop').requested).toBeUndefined();
    expect(scenario.sync('shop', true).startedApps()).toEqual(['shop']);
    scenario.finish().observe('shop', HEALTHY);
    expect(summarize(scenario.state).apps[0]).toMatchObject({ sync: 'Synced', problems: [] });
  });

  it('a later commit that changes something else is held as well, one that puts the objects back is not', () => {
    const scenario = deployed()
      .commit('c2', [shop(['a'])])
      .commit('c3', [shop(['a'], [], 'x')]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.commit('c4', [shop(FULL, [], 'x')]).startedApps()).toEqual(['shop']);
    expect(messageOf(scenario)).toBeUndefined();
  });

  it('also after a restart', () => {
    const before = deployed().commit('c2', [shop(['a'])]);
    const scenario = new Scenario().start(before.state).commit('c2', [shop(['a'])]);
    expect(scenario.started()).toBeUndefined();
    expect(messageOf(scenario)).toBe(HELD);
  });

  it.each<[string, DesiredApp]>([
    ['two of five', shop(['a', 'b'])],
    ['none, but others are added', shop([...FULL, 'e', 'f'])],
  ])('%s may go by themselves', (_what, app) => {
    expect(deployed().commit('c2', [app]).startedApps()).toEqual(['shop']);
  });

  it('objects that stay in the cluster do not count, on either side', () => {
    const kept = ['x', 'y', 'z'].map((name) => object(name, KEPT));
    expect(
      deployed(kept)
        .commit('c2', [shop(FULL)])
        .startedApps(),
    ).toEqual(['shop']);
    expect(
      deployed(kept)
        .commit('c2', [shop(['a'], kept)])
        .started(),
    ).toBeUndefined();
  });

  it('one object may always go, such as the only one that gets another name', () => {
    const scenario = new Scenario()
      .start()
      .commit('c1', [application('only')])
      .finish()
      .observe('only', HEALTHY);
    const renamed = { ...application('only'), objects: [object('other')] };
    expect(scenario.commit('c2', [renamed]).startedApps()).toEqual(['only']);
  });

  it('other applications go on', () => {
    const scenario = deployed().commit('c2', [shop(['a']), application('other')]);
    expect(scenario.startedApps()).toEqual(['other']);
  });

  it('a rollback to a commit with few objects is held unless it says that they may go', () => {
    const source = { definition: shop([]), revision: 'c0', secretDigest: '' };
    const back = (prune: boolean): Scenario =>
      deployed()
        .send({ type: 'rollbackRequested', app: 'shop', by: 'me', prune, revision: 'c0', images: {} })
        .send({ type: 'definitionRecalled', app: 'shop', source });
    expect(back(false).started()).toBeUndefined();
    expect(back(false).app('shop').problem?.code).toBe('prune/needs-confirmation');
    expect(back(true).startedApps()).toEqual(['shop']);
  });
});
