import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../src/driver/core/effects.js';
import { newsOf, noticeOfEntry, type NewsMemory, type Notice } from '../../../src/driver/core/news.js';
import { application, DEGRADED, DRIFTED, HEALTHY, PROGRESSING, Scenario } from './scenario.js';

const DB = application('db');
const GIT = { type: 'gitFailed', problem: { code: 'git/unreachable', message: 'no route' } } as const;

/** Looks after each step, as the daemon does. */
class Reader {
  memory: NewsMemory = {};
  readonly told: string[] = [];
  wakeAt = Infinity;

  look({ state, at }: Scenario): this {
    const news = newsOf(this.memory, state, at);
    this.memory = news.memory;
    this.wakeAt = news.wakeAt;
    this.told.push(...news.notices.map(({ event, app = '-' }) => `${event} ${app}`));
    return this;
  }
}

describe('driver/core/news', () => {
  it('an application that stays Degraded is told once, and once that it recovered', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).observe('db', DEGRADED);
    reader.look(scenario);
    expect(reader.told).toEqual([]);
    expect(reader.wakeAt).toBe(scenario.at + 30_000);
    reader.look(scenario.wait(30_000)).look(scenario.wait(60_000));
    expect(reader.told).toEqual(['degraded db']);
    reader.look(scenario.observe('db', HEALTHY));
    expect(reader.told).toEqual(['degraded db']);
    reader.look(scenario.wait(30_000)).look(scenario.wait(600_000));
    expect(reader.told).toEqual(['degraded db', 'recovered db']);
    expect([reader.memory, reader.wakeAt]).toEqual([{}, Infinity]);
  });

  it('what is over before it lasted is not told at all', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).observe('db', DEGRADED);
    reader.look(scenario).look(scenario.observe('db', HEALTHY)).look(scenario.wait(600_000));
    expect(reader.told).toEqual([]);
  });

  it('what comes and goes is told once', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).observe('db', DEGRADED);
    reader.look(scenario).look(scenario.wait(30_000));
    for (let round = 0; round < 5; round += 1) {
      reader.look(scenario.observe('db', HEALTHY)).look(scenario.wait(10_000));
      reader.look(scenario.observe('db', DEGRADED)).look(scenario.wait(40_000));
    }
    expect(reader.told).toEqual(['degraded db']);
  });

  it('an application on its way is not yet recovered', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).observe('db', DEGRADED);
    reader.look(scenario).look(scenario.wait(30_000));
    reader.look(scenario.observe('db', PROGRESSING)).look(scenario.wait(600_000));
    expect(reader.told).toEqual(['degraded db']);
  });

  it('a restart tells nothing twice, and calls nothing over that it has not seen', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).observe('db', DEGRADED);
    reader.look(scenario).look(scenario.wait(30_000));
    const restarted = new Scenario().start(scenario.state);
    restarted.at = scenario.at + 60_000;
    reader.look(restarted).look(restarted.wait(600_000));
    reader.look(restarted.commit('c1', [DB])).look(restarted.wait(60_000));
    reader.look(restarted.observe('db', DEGRADED)).look(restarted.wait(60_000));
    expect(reader.told).toEqual(['degraded db']);
  });

  it('a sync that keeps failing is told once, however often it is tried', () => {
    const reader = new Reader();
    const scenario = new Scenario().start().commit('c1', [DB]).finishBut('db');
    reader.look(scenario).look(scenario.wait(20_000));
    for (let round = 0; round < 3; round += 1) {
      reader.look(scenario.finishBut('db')).look(scenario.wait(300_000));
    }
    expect(reader.told).toEqual(['sync-failed db']);
    reader.look(scenario.finish().observe('db', HEALTHY)).look(scenario.wait(30_000));
    expect(reader.told).toEqual(['sync-failed db', 'recovered db']);
  });

  it('Git that is away is told after five minutes, with no application', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).send(GIT);
    reader.look(scenario).look(scenario.wait(299_000));
    expect(reader.told).toEqual([]);
    reader.look(scenario.wait(1_000));
    expect(reader.told).toEqual(['git-unreachable -']);
    reader.look(scenario.send({ type: 'headSeen', commit: 'c1' })).look(scenario.wait(30_000));
    expect(reader.told).toEqual(['git-unreachable -', 'recovered -']);
  });

  it('a cluster that is away is told after five minutes', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).send({ type: 'clusterSeen', reachable: false });
    reader.look(scenario).look(scenario.wait(300_000));
    expect(reader.told).toEqual(['cluster-unreachable -']);
  });

  it('a commit that cannot be taken is told at once', () => {
    const problem = { code: 'synth/threw', message: 'apps/db/app.ts:3: no' } as const;
    const scenario = new Scenario()
      .settled(DB)
      .send({ type: 'headSeen', commit: 'c2' })
      .send({ type: 'revisionRejected', commit: 'c2', transient: false, problem });
    expect(new Reader().look(scenario).told).toEqual(['commit-rejected -']);
  });

  it('an application that left Git and is held back is told, and its end is no recovery', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB).commit('c2', []);
    reader.look(scenario);
    expect(reader.told).toEqual(['prune-held db']);
    scenario.send({ type: 'syncRequested', app: 'db', by: 'me', prune: true }).finish();
    reader.look(scenario).look(scenario.wait(60_000));
    expect([reader.told, reader.memory]).toEqual([['prune-held db'], {}]);
  });

  it('somebody who undoes three repairs is told once', () => {
    const reader = new Reader();
    const scenario = new Scenario().settled(DB);
    for (let round = 0; round < 4; round += 1) {
      scenario.observe('db', DRIFTED).wait(100_000);
      reader.look(scenario);
      scenario.finish();
    }
    expect(reader.told).toEqual(['drift-fought db']);
  });

  it('nothing is told of what is well', () => {
    expect(new Reader().look(new Scenario().settled(DB)).told).toEqual([]);
  });

  it.each<[Partial<HistoryEntry>, Notice['event'] | undefined]>([
    [{ kind: 'image', outcome: 'healthy' }, 'image-updated'],
    [{ kind: 'image', outcome: 'succeeded' }, undefined],
    [{ kind: 'sync', outcome: 'healthy' }, undefined],
    [{ kind: 'rollback', outcome: 'succeeded' }, 'image-rolled-back'],
    [{ kind: 'rollback', outcome: 'succeeded', by: 'me' }, undefined],
    [{ kind: 'rollback', outcome: 'failed' }, undefined],
  ])('history: %j is told as %s', (part, event) => {
    const entry: HistoryEntry = {
      at: 1,
      app: 'db',
      kind: 'sync',
      outcome: 'failed',
      images: { a: 'v1' },
      by: 'automated',
      ...part,
    };
    expect(noticeOfEntry(entry)?.event).toBe(event);
  });
});
