import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import type { LeaseLock, LeaseRecord } from '../../src/cluster/port.js';
import { createElector, ELECTION_TIMINGS, type Elector } from '../../src/driver/elector.js';
import { FakeClock } from '../cluster/fake-clock.js';

/** How an elector's requests go: through, refused, or never answered. */
type Line = 'open' | 'refused' | 'silent';

/** A lease that several electors see, each over a line of its own. */
class Lease {
  record: LeaseRecord | undefined;
  #version = 0;

  lockFor(line: () => Line): LeaseLock {
    const pass = async (signal?: AbortSignal): Promise<void> => {
      if (line() === 'refused') {
        throw new Error('no route to host');
      }
      if (line() === 'silent') {
        await new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
        });
      }
    };
    return {
      read: async (signal) => {
        await pass(signal);
        return this.record;
      },
      write: async (record, signal) => {
        await pass(signal);
        if (record.version !== this.record?.version) {
          return undefined;
        }
        this.#version += 1;
        this.record = { ...record, version: String(this.#version) };
        return this.record;
      },
    };
  }
}

/** One process. Its wall clock may be set to anything; its timers and its steady clock go on. */
class Candidate {
  line: Line = 'open';
  offsetMs = 0;
  readonly changes: boolean[] = [];
  readonly elector: Elector;

  constructor(lease: Lease, clock: FakeClock, identity: string) {
    this.elector = createElector({
      lock: lease.lockFor(() => this.line),
      identity,
      clock: { now: () => clock.now() + this.offsetMs, after: (ms, callback) => clock.after(ms, callback) },
      monotonic: () => clock.now(),
      random: () => 0.5,
      logger: silentLogger,
      onChange: (isLeader) => this.changes.push(isLeader),
    });
  }
}

function twoCandidates() {
  const [lease, clock] = [new Lease(), new FakeClock()];
  const a = new Candidate(lease, clock, 'a');
  const b = new Candidate(lease, clock, 'b');
  return { lease, clock, a, b };
}

const { leaseMs, renewDeadlineMs, retryMs } = ELECTION_TIMINGS;

describe('driver/elector', () => {
  it('the first one leads for as long as it renews, and the other one knows who', async () => {
    const { clock, a, b } = twoCandidates();
    a.elector.start();
    await clock.advance(10);
    b.elector.start();
    await clock.advance(3_600_000);
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([true, false]);
    expect([a.elector.holder(), b.elector.holder()]).toEqual(['a', 'a']);
    expect([a.changes, b.changes]).toEqual([[true], []]);
  });

  it.each<Line>(['refused', 'silent'])(
    'a leader whose requests are %s stops at the renew deadline, and another takes over only after the lease',
    async (line) => {
      const { clock, a, b } = twoCandidates();
      a.elector.start();
      await clock.advance(10);
      b.elector.start();
      await clock.advance(60_000);
      a.line = line;
      await clock.advance(renewDeadlineMs + 1);
      expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([false, false]);
      await clock.advance(leaseMs - renewDeadlineMs - 2 * retryMs);
      expect(b.elector.isLeader()).toBe(false);
      await clock.advance(4 * retryMs);
      expect(b.elector.isLeader()).toBe(true);
      a.line = 'open';
      await clock.advance(60_000);
      expect([a.elector.isLeader(), a.elector.holder()]).toEqual([false, 'b']);
      expect([a.changes, b.changes]).toEqual([[true, false], [true]]);
    },
  );

  it('a short interruption changes nothing', async () => {
    const { clock, a, b } = twoCandidates();
    a.elector.start();
    await clock.advance(10);
    b.elector.start();
    a.line = 'refused';
    await clock.advance(renewDeadlineMs / 2);
    a.line = 'open';
    await clock.advance(60_000);
    expect([a.changes, b.changes]).toEqual([[true], []]);
  });

  it('one that stops gives the lease back, and another leads at its next look', async () => {
    const { clock, lease, a, b } = twoCandidates();
    a.elector.start();
    await clock.advance(10);
    b.elector.start();
    await clock.advance(10_000);
    await a.elector.stop();
    expect(lease.record?.holder).toBe('');
    expect(a.elector.isLeader()).toBe(false);
    await clock.advance(2 * retryMs);
    expect(b.elector.isLeader()).toBe(true);
    expect(lease.record?.transitions).toBe(1);
  });

  it('one that was killed is followed when its lease is over', async () => {
    const { clock, lease, b } = twoCandidates();
    const now = clock.now();
    const dead = { holder: 'dead', durationMs: leaseMs, acquiredAt: now, renewedAt: now, transitions: 4 };
    await lease.lockFor(() => 'open').write(dead);
    b.elector.start();
    await clock.advance(leaseMs - retryMs);
    expect(b.elector.isLeader()).toBe(false);
    await clock.advance(3 * retryMs);
    expect(b.elector.isLeader()).toBe(true);
    expect(lease.record).toMatchObject({ holder: 'b', transitions: 5 });
  });

  it.each([-3_600_000, 3_600_000])('a follower whose clock jumps by %d ms does not take over', async (ms) => {
    const { clock, a, b } = twoCandidates();
    a.elector.start();
    await clock.advance(10);
    b.elector.start();
    await clock.advance(10_000);
    b.offsetMs = ms;
    await clock.advance(5 * retryMs);
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([true, false]);
  });

  it('a leader that slept through its lease does not count as one when it wakes', async () => {
    const { clock, a } = twoCandidates();
    a.elector.start();
    await clock.advance(10_000);
    a.offsetMs = 3_600_000;
    expect(a.elector.isLeader()).toBe(false);
  });

  it('whatever happens to lines and clocks, there are never two leaders', async () => {
    const act = fc.record({
      who: fc.constantFrom('a', 'b'),
      line: fc.constantFrom<Line>('open', 'refused', 'silent'),
      offsetMs: fc.integer({ min: -100_000, max: 100_000 }),
      ms: fc.integer({ min: 0, max: 40_000 }),
    });
    const property = fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const { clock, a, b } = twoCandidates();
      a.elector.start();
      b.elector.start();
      for (const { who, line, offsetMs, ms } of acts) {
        const candidate = who === 'a' ? a : b;
        candidate.line = line;
        candidate.offsetMs = offsetMs;
        for (let passed = 0; passed < ms; passed += 1_000) {
          await clock.advance(1_000);
          expect(a.elector.isLeader() && b.elector.isLeader()).toBe(false);
        }
      }
      [a.line, b.line] = ['open', 'open'];
      await clock.advance(2 * leaseMs);
      expect([a.elector.isLeader(), b.elector.isLeader()].filter(Boolean)).toHaveLength(1);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
