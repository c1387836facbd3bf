import { describe, expect, it } from 'vitest';
import { ChangeNotifier } from '../../src/cluster/change-notifier.js';
import { FakeClock } from './fake-clock.js';

describe('cluster/change-notifier', () => {
  it('changes of a moment are told once per application', async () => {
    const clock = new FakeClock();
    const told: string[] = [];
    const notifier = new ChangeNotifier(clock, 50, (app) => told.push(app));
    ['a', 'b', 'a'].forEach((app) => notifier.add(app));
    await clock.advance(49);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['a', 'b']);
    notifier.add('a');
    await clock.advance(50);
    expect(told).toEqual(['a', 'b', 'a']);
  });

  it('after stop nothing is told', async () => {
    const clock = new FakeClock();
    const told: string[] = [];
    const notifier = new ChangeNotifier(clock, 50, (app) => told.push(app));
    notifier.add('a');
    notifier.stop();
    await clock.advance(50);
    expect([told, clock.pending()]).toEqual([[], 0]);
  });
});
