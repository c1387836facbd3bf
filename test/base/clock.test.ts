import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { steadyClock, systemClock } from '../../src/base/clock.js';

describe('base/clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('now is the time in milliseconds', () => {
    expect(systemClock.now()).toBe(1_000);
  });

  it('after calls back once, when the time has passed', () => {
    const callback = vi.fn();
    systemClock.after(500, callback);

    vi.advanceTimersByTime(499);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('a cancelled wait does not call back', () => {
    const callback = vi.fn();
    systemClock.after(500, callback)();

    vi.advanceTimersByTime(1_000);
    expect(callback).not.toHaveBeenCalled();
  });

  it.each([
    ['a negative wait calls back at once', -5, 1],
    ['a wait longer than timers can count does not call back at once', 2 ** 40, 0],
  ])('%s', (_rule, ms, calls) => {
    const callback = vi.fn();
    systemClock.after(ms, callback);

    vi.advanceTimersByTime(1_000);
    expect(callback).toHaveBeenCalledTimes(calls);
  });

  it('a steady clock goes on when the other is turned', () => {
    const before = steadyClock.now();
    vi.setSystemTime(10_000_000);
    vi.advanceTimersByTime(500);
    expect(steadyClock.now() - before).toBe(500);
  });
});
