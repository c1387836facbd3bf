import { describe, expect, it } from 'vitest';
import { syncWindowOf, windowStateAt, type SyncWindowProps } from '../../src/app/sync-window.js';

const at = (text: string): number => Date.parse(text);

function stateOf(text: string, ...windows: SyncWindowProps[]) {
  const { until, opensAt, ...rest } = windowStateAt(windows.map(syncWindowOf), at(text));
  const iso = (time: number | undefined) =>
    time === undefined || time === Infinity ? time : new Date(time).toISOString().slice(0, 16);
  return { ...rest, until: iso(until), opensAt: iso(opensAt) };
}

const NIGHT: SyncWindowProps = { kind: 'allow', schedule: '0 22 * * *', duration: '2h' };
const PAYDAY: SyncWindowProps = { kind: 'deny', schedule: '0 0 25 * *', duration: '1d' };

describe('app/sync-window', () => {
  it.each<[string, string, SyncWindowProps[], object]>([
    ['outside of an allow', '2026-11-24T21:59:59Z', [NIGHT], { open: false, opensAt: '2026-11-24T22:00' }],
    ['at the beginning of one', '2026-11-24T22:00:00Z', [NIGHT], { open: true, until: '2026-11-25T00:00' }],
    ['inside of one', '2026-11-24T23:59:59Z', [NIGHT], { open: true, until: '2026-11-25T00:00' }],
    ['at its end', '2026-11-25T00:00:00Z', [NIGHT], { open: false, opensAt: '2026-11-25T22:00' }],
    ['outside of a deny', '2026-11-24T23:59:59Z', [PAYDAY], { open: true, until: '2026-11-25T00:00' }],
    ['inside of a deny', '2026-11-25T12:00:00Z', [PAYDAY], { open: false, opensAt: '2026-11-26T00:00' }],
    ['inside of both', '2026-11-25T22:30:00Z', [NIGHT, PAYDAY], { open: false, opensAt: '2026-11-26T22:00' }],
    [
      'inside of one allow of several',
      '2026-11-24T10:30:00Z',
      [NIGHT, { ...NIGHT, schedule: '0 10 * * *' }],
      { open: true, until: '2026-11-24T12:00' },
    ],
    [
      'in another time zone',
      '2026-11-24T13:30:00Z',
      [{ ...NIGHT, timeZone: 'Asia/Seoul' }],
      { open: true, until: '2026-11-24T15:00' },
    ],
    [
      'in the hour that a clock change skips',
      '2026-03-29T01:30:00Z',
      [{ ...NIGHT, schedule: '30 2 * * *', duration: '1h', timeZone: 'Europe/Berlin' }],
      { open: true },
    ],
    [
      'where occurrences meet',
      '2026-11-24T12:30:00Z',
      [{ kind: 'deny', schedule: '0 12,13 * * *', duration: '1h' }],
      { open: false, until: '2026-11-24T14:00', opensAt: '2026-11-24T14:00' },
    ],
    [
      'where occurrences overlap without end',
      '2026-11-24T12:30:30Z',
      [{ kind: 'deny', schedule: '* * * * *', duration: '2m' }],
      { open: false, opensAt: undefined },
    ],
    [
      'of a day that never comes again',
      '2026-11-24T12:30:00Z',
      [{ ...NIGHT, schedule: '0 0 30 2 *' }],
      { open: false, until: Infinity, opensAt: undefined },
    ],
  ])('%s', (_where, text, windows, expected) => {
    expect(stateOf(text, ...windows)).toMatchObject(expected);
  });

  it('lets persons through, unless a window that holds it says otherwise', () => {
    const strict = { ...PAYDAY, manual: false };
    expect(stateOf('2026-11-24T12:00:00Z', NIGHT).manual).toBe(true);
    expect(stateOf('2026-11-25T12:00:00Z', NIGHT, strict).manual).toBe(false);
    expect(stateOf('2026-11-24T12:00:00Z', NIGHT, strict).manual).toBe(true);
    expect(stateOf('2026-11-24T12:00:00Z', { ...NIGHT, manual: false }).manual).toBe(false);
  });

  it('what it says holds until the time that it says', () => {
    for (let hour = 0; hour < 72; hour += 1) {
      const time = at('2026-11-24T00:30:00Z') + hour * 3_600_000;
      const windows = [NIGHT, PAYDAY].map(syncWindowOf);
      const { open, until } = windowStateAt(windows, time);
      expect(windowStateAt(windows, until - 1).open).toBe(open);
      expect(until).toBeGreaterThan(time);
    }
  });

  it.each([
    [{ schedule: '0 22 * *' }, 'does not have five fields'],
    [{ schedule: '0 0 22 * * *' }, 'does not have five fields'],
    [{ schedule: '99 22 * * *' }, 'cannot be used'],
    [{ timeZone: 'Mars/Olympus' }, 'Mars/Olympus'],
    [{ duration: 'long' }, 'not a duration: "long"'],
    [{ duration: '10s' }, 'shorter than a minute'],
  ])('refuses %j', (wrong, message) => {
    expect(() => syncWindowOf({ ...NIGHT, ...wrong })).toThrow(message);
  });
});
