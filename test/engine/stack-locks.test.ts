import { describe, expect, it } from 'vitest';
import { startFrom } from '../../src/engine/process-start.js';
import { isHeldByTheDead, judgeLock, locksIn, parseLock } from '../../src/engine/stack-locks.js';

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

  const line = (host: string, pid: number): string =>
    `  s3://state/.pulumi/locks/organization/prodesk/prodesk/${pid}.json: created by root@${host} (pid ${pid}) at 2026-11-24T09:00:00Z`;
  const locked = (count: number, ...lines: string[]): string =>
    [`error: the stack is currently locked by ${count} lock(s). Either wait`, ...lines].join('\n');

  it.each([
    ['one of a dead process', locked(1, line('prodesk', 7)), true],
    ['one of a dead process, twice', `${locked(1, line('prodesk', 7))}\n\n${locked(1, line('prodesk', 7))}`, true],
    ['two of dead processes', locked(2, line('prodesk', 7), line('prodesk', 8)), true],
    ['one of a living process', locked(1, line('prodesk', 1)), false],
    ['one of another host beside a dead one', locked(2, line('prodesk', 7), line('laptop', 7)), false],
    ['fewer than it counts', locked(2, line('prodesk', 7)), false],
    ['one without a time', locked(1, line('prodesk', 7).replace(/at .*$/, 'at noon')), false],
    ['none', 'error: something else', false],
  ])('a stack whose message names %s', async (_locks, text, isDead) => {
    const processStart = (pid: number) => Promise.resolve(pid === 1 ? 0 : undefined);
    expect(await isHeldByTheDead(text, { hostname: 'prodesk', processStart })).toBe(isDead);
  });

  it('locks are read from what the command says', () => {
    const timestamp = '2026-11-24T09:00:00Z';
    expect(locksIn(locked(1, line('prodesk', 7)))).toEqual([
      { username: 'root', hostname: 'prodesk', pid: 7, timestamp },
    ]);
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
