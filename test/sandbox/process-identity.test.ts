import { describe, expect, it } from 'vitest';
import { identifyProcess, startOf } from '../../src/sandbox/process-identity.js';

/** A line of /proc/PID/stat. */
function stat(name: string, state: string): string {
  return `4242 (${name}) ${state} 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 987654 1 2 3`;
}

describe('sandbox/process-identity', () => {
  it.each([
    ['etcd', 'S', '987654'],
    ['a) S 1 2 (b', 'R', '987654'],
    ['etcd', 'Z', undefined],
    ['etcd', 'X', undefined],
  ])('process "%s" in state %s started at %s', (name, state, started) => {
    expect(startOf(stat(name, state))).toBe(started);
  });

  it('a living process keeps its identity, and a number without a process has none', async () => {
    const mine = await identifyProcess(process.pid);

    expect(mine).toMatch(/\S/);
    expect(await identifyProcess(process.pid)).toBe(mine);
    expect(await identifyProcess(2 ** 30)).toBeUndefined();
  });
});
