import { describe, expect, it } from 'vitest';
import { startFrom } from '../../src/engine/process-start.js';
import { judgeLock, parseLock } from '../../src/engine/stack-locks.js';

const TIME = '2026-11-24T09:00:00.123456789+01:00';
const LOCK = { pid: 7, username: 'root', hostname: 'prodesk', timestamp: TIME };
const at = (offsetMs: number) => Date.parse(TIME) + offsetMs;

describe('engine/stack-locks', () => {
  it.each([
    ['its process lives', at(-5_000), 'prodesk', 'keep'],
    ['its process is gone', undefined, 'prodesk', 'break'],
    ['its number belongs to a process that started later', at(60_000), 'prodesk', 'break'],
    ['its process started a moment before, by a coarse clock a moment after', at(900), 'prodesk', 'keep'],
    ['another host made it', undefined, 'laptop', 'keep'],
  ] as const)('a lock: %s', async (_rule, started, hostname, verdict) => {
    const machine = { hostname: 'prodesk', processStart: () => Promise.resolve(started) };
    expect(await judgeLock({ ...LOCK, hostname }, machine)).toBe(verdict);
  });

  it.each([
    ['an empty file', ''],
    ['half a file', '{"pid":7,"user'],
    ['another form', '{"pid":"7"}'],
  ])('%s is no lock and is broken', async (_form, text) => {
    expect(parseLock(text)).toBeUndefined();
    expect(await judgeLock(parseLock(text), { hostname: 'x', processStart: () => Promise.resolve(1) })).toBe('break');
  });

  it('a lock as Pulumi writes it is read', () => {
    expect(parseLock(JSON.stringify(LOCK))).toEqual(LOCK);
  });
});

describe('engine/process-start', () => {
  const fields = (state: string) =>
    `7 (pulumi (x) y) ${state} ${Array.from({ length: 18 }, (_, i) => i).join(' ')} 12345 0`;

  it('the start is counted from boot, whatever the program is called', () => {
    expect(startFrom(fields('S'), 'cpu 1\nbtime 1000\n')).toBe(1_000_000 + 123_450);
  });

  it('a process that waits to be collected is gone', () => {
    expect(startFrom(fields('Z'), 'btime 1000\n')).toBeUndefined();
  });
});
