import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DEGRADED, DRIFTED, FAILING, HEALTHY, POLL, Scenario, seen } from './scenario.js';

const DB = application('db');
const WEB = application('web', { follows: true });

function first(scenario: Scenario) {
  const [app] = summarize(scenario.state).apps;
  if (app === undefined) {
    throw new Error('no application');
  }
  return app;
}

describe('driver/core/summarize', () => {
  it.each<[string, Scenario, string, string]>([
    ['before the first sync', new Scenario().start().commit('c1', [DB]), 'OutOfSync', 'Missing'],
    ['between an update and the look at it', new Scenario().start().commit('c1', [DB]).finish(), 'Unknown', 'Unknown'],
    ['deployed and Healthy', new Scenario().settled(DB), 'Synced', 'Healthy'],
    ['while an operation runs', new Scenario().settled(DB).sync('db'), 'Synced', 'Progressing'],
    ['drifted', new Scenario().settled(DB).observe('db', DRIFTED), 'OutOfSync', 'Progressing'],
    ['Degraded', new Scenario().settled(DB).observe('db', DEGRADED), 'Synced', 'Degraded'],
    ['out of sight', new Scenario().settled(DB).observe('db', seen({ status: 'Unknown' })), 'Synced', 'Unknown'],
    ['no longer in Git', new Scenario().settled(DB).commit('c2', []), 'OutOfSync', 'Healthy'],
    ['failing', new Scenario().start().commit('c1', [DB]).finishBut('db'), 'OutOfSync', 'Missing'],
  ])('an application that is %s', (_what, scenario, sync, health) => {
    expect(first(scenario)).toMatchObject({ sync, health: { status: health } });
  });

  it.each<[string, Scenario, string | undefined]>([
    ['nothing where nothing is wrong', new Scenario().settled(DB), undefined],
    ['why a sync failed', new Scenario().start().commit('c1', [DB]).finishBut('db'), 'db failed'],
    ['what health says', new Scenario().settled(DB).observe('db', DEGRADED), 'deadline'],
    [
      'which build was rolled back, and why',
      new Scenario()
        .settled(WEB)
        .builds('web', ['master-1', 2])
        .finish()
        .observe('web', DEGRADED)
        .finish()
        .observe('web', HEALTHY),
      'rolled back from master-1 (deadline) to master-0',
    ],
    [
      'where the code fails',
      new Scenario()
        .settled(DB)
        .commit('c2', [], { failed: { db: { message: 'boom', location: 'apps/db/app.ts:3' } } }),
      'apps/db/app.ts:3: boom',
    ],
    [
      'that it is switched off',
      new Scenario().settled(DB).commit('c2', [], { disabled: ['db'] }),
      'switched off in Git',
    ],
    [
      'how to prune what waits for a person',
      new Scenario().settled(DB).commit('c2', []),
      'no longer in Git; prune it with: prodesk sync db --prune',
    ],
  ])('the message says %s', (_what, scenario, message) => {
    const { message: said } = first(scenario.observe('nobody', HEALTHY));
    expect(said === undefined ? undefined : said.slice(0, message?.length ?? 0)).toBe(message);
  });

  it('differences name objects that are not as they should be, and no other', () => {
    expect(first(new Scenario().settled(DB)).differences).toEqual([]);
    expect(first(new Scenario().settled(DB).observe('db', DRIFTED)).differences).toMatchObject([{ state: 'drifted' }]);
  });

  it('tells when an application that failed is tried again', () => {
    const scenario = new Scenario().start().commit('c1', [DB]).finishBut('db');
    expect(first(scenario).retryAt).toBe(scenario.at + 5_000);
    expect(first(new Scenario().settled(DB)).retryAt).toBeUndefined();
  });

  it('names each source with its problem, and applications in the order of their names', () => {
    const problem = { code: 'registry/unavailable', message: '500' } as const;
    const scenario = new Scenario().start().commit('c1', [WEB, DB]);
    scenario.registryFails(problem);
    const { sources, apps } = summarize(scenario.state);
    expect(sources).toMatchObject([{ name: 'git' }, { name: `registry ${POLL}`, problem }]);
    expect(apps.map(({ name }) => name)).toEqual(['db', 'web']);
  });

  it('holds no object and no secret', () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { p: 'plain-sentinel' } };
    const scenario = new Scenario().settled({ ...DB, objects: [...DB.objects, object] }).observe('db', FAILING);
    expect(JSON.stringify(summarize(scenario.state))).not.toContain('plain-sentinel');
  });
});
