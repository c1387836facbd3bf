import { describe, expect, it } from 'vitest';
import { pollFailed, pollStarted, pollSucceeded, pollWanted } from '../../../src/driver/core/polls.js';
import type { PollState } from '../../../src/driver/core/state.js';

const IDLE: PollState = { inFlight: false, nextAt: 1_000, failures: 0 };
const PROBLEM = { code: 'registry/rate-limited', message: '429' } as const;

describe('driver/core/polls', () => {
  it.each([
    [0, 95_000],
    [0.5, 100_000],
    [0.999, 104_990],
  ])('a success with the random number %s makes the next poll come after %s ms of a 100 s interval', (random, wait) => {
    expect(pollSucceeded(pollStarted(IDLE), 0, 100_000, random).nextAt).toBe(wait);
  });

  it('failures make the next polls come later and later, ten minutes at most', () => {
    let poll = IDLE;
    const waits = Array.from({ length: 12 }, () => {
      poll = pollFailed(pollStarted(poll), 0, 0.5, { problem: PROBLEM });
      return poll.nextAt / 1_000;
    });
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]);
  });

  it('a success after failures forgets them', () => {
    const failed = pollFailed(pollStarted(IDLE), 0, 0.5, { problem: PROBLEM, retryAfterMs: 5_000 });
    const poll = pollSucceeded(pollStarted(failed), 10_000, 1_000, 0.5);
    expect(poll).toEqual({ inFlight: false, failures: 0, lastSuccessAt: 10_000, nextAt: 11_000 });
  });

  it('Retry-After decides when the next poll comes, however often it failed', () => {
    const often = { ...pollStarted(IDLE), failures: 9 };
    expect(pollFailed(often, 0, 0.5, { problem: PROBLEM, retryAfterMs: 30_000 }).nextAt).toBe(30_000);
  });

  it('Retry-After: 0 does not make a busy loop', () => {
    expect(pollFailed(pollStarted(IDLE), 0, 0.5, { problem: PROBLEM, retryAfterMs: 0 }).nextAt).toBe(2_000);
  });

  it('a person makes the next poll come now', () => {
    expect(pollWanted({ ...IDLE, nextAt: 99_000 }, 5_000).nextAt).toBe(5_000);
  });

  it('a person does not make a poll come before the time that Retry-After gave', () => {
    const limited = pollFailed(pollStarted(IDLE), 0, 0.5, { problem: PROBLEM, retryAfterMs: 60_000 });
    expect(pollWanted(limited, 5_000).nextAt).toBe(60_000);
    expect(pollWanted(limited, 70_000).nextAt).toBe(70_000);
  });

  it('a request while a poll is under way makes another one follow at once, because it may have come too early', () => {
    const asked = pollWanted(pollStarted(IDLE), 5_000);
    const answered = pollSucceeded(asked, 6_000, 100_000, 0.5);
    expect(answered.nextAt).toBe(6_000);
    expect(pollSucceeded(pollStarted(answered), 7_000, 100_000, 0.5).nextAt).toBe(107_000);
  });
});
