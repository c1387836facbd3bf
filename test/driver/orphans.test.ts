import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import type { LabelledObjects } from '../../src/cluster/port.js';
import { createOrphanFinder } from '../../src/driver/orphans.js';
import { FakeClock } from '../cluster/fake-clock.js';
import { application, Scenario } from './core/scenario.js';

const STRAY = { app: 'gone', ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'old', namespace: 'a' }, isKept: false };

function finder(find: () => Promise<LabelledObjects>) {
  const clock = new FakeClock();
  const warnings: (readonly [string, unknown])[] = [];
  const { state } = new Scenario().settled(application('web'));
  const logger = {
    ...silentLogger,
    warn: (message: string, fields?: unknown) => void warnings.push([message, fields]),
  };
  const ports = { labels: { findLabelled: find }, engine: { resources: () => Promise.resolve([]) }, clock, logger };
  return { clock, warnings, orphans: createOrphanFinder({ loop: { state: () => state }, ports }) };
}

describe('driver/orphans', () => {
  it('looks some minutes after the start, tells, and looks again hours later', async () => {
    let searches = 0;
    const { clock, warnings, orphans } = finder(() => {
      searches += 1;
      return Promise.resolve({ objects: [STRAY], unseen: [] });
    });
    await clock.advance(60_000);
    expect([searches, orphans.latest()]).toEqual([0, undefined]);
    await clock.advance(5 * 60_000);
    expect(orphans.latest()?.orphans).toEqual([STRAY]);
    expect(JSON.stringify(warnings)).toContain('gone: ConfigMap a/old');
    await clock.advance(3_600_000);
    expect(searches).toBe(1);
    await clock.advance(6 * 3_600_000);
    expect(searches).toBe(2);
    orphans.stop();
  });

  it('what was kept on purpose is listed, and no reason for a warning', async () => {
    const { clock, warnings, orphans } = finder(() =>
      Promise.resolve({ objects: [{ ...STRAY, isKept: true }], unseen: [] }),
    );
    await clock.advance(6 * 60_000);
    expect([orphans.latest()?.orphans.length, warnings]).toEqual([1, []]);
    orphans.stop();
  });

  it('a search that fails is made again later', async () => {
    let searches = 0;
    const { clock, orphans } = finder(() => {
      searches += 1;
      return Promise.reject(new Error('no answer'));
    });
    await clock.advance(6 * 60_000);
    await clock.advance(6 * 3_600_000);
    expect(searches).toBe(2);
    orphans.stop();
  });

  it('those who ask at the same time share one search', async () => {
    let searches = 0;
    const { orphans } = finder(() => {
      searches += 1;
      return Promise.resolve({ objects: [STRAY], unseen: ['v1/Secret'] });
    });
    const [first, second] = await Promise.all([orphans.find(), orphans.find()]);
    expect([searches, first]).toEqual([1, second]);
    expect(first.unseen).toEqual(['v1/Secret']);
    orphans.stop();
  });
});
