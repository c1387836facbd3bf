import { describe, expect, it } from 'vitest';
import { describeOpen } from '../../src/cli/wait.js';
import type { AppStatus } from '../../src/driver/core/summarize.js';

function app(parts: Partial<AppStatus> = {}): AppStatus {
  return {
    name: 'web',
    namespace: 'default',
    sync: 'Synced',
    health: { status: 'Healthy' },
    automated: true,
    images: {},
    problems: [],
    differences: [],
    badImages: [],
    ...parts,
  };
}

describe('cli/wait', () => {
  it.each<[string, Partial<AppStatus>, string | undefined]>([
    ['Synced and Healthy', {}, undefined],
    ['OutOfSync', { sync: 'OutOfSync', message: 'waits' }, 'web is OutOfSync and Healthy (waits)'],
    ['Progressing', { health: { status: 'Progressing' } }, 'web is Synced and Progressing'],
    ['Degraded', { health: { status: 'Degraded' } }, 'web is Synced and Degraded'],
    ['with a run', { operation: { kind: 'sync', startedAt: 0 } }, 'web is Synced and Healthy'],
    ['with a hook to come', { underWay: true }, 'web is Synced and Healthy'],
  ])('an application that is %s', (_state, parts, open) => {
    expect(describeOpen({ apps: [app(parts)] }, 'web')).toBe(open);
  });

  it('only the named application is waited for, and one that is gone is not', () => {
    const apps = [app(), app({ name: 'shop', sync: 'OutOfSync' })];
    expect(describeOpen({ apps }, 'web')).toBeUndefined();
    expect(describeOpen({ apps }, 'gone')).toBeUndefined();
    expect(describeOpen({ apps }, undefined)).toBe('shop is OutOfSync and Healthy');
  });
});
