import { describe, expect, it } from 'vitest';
import { wants, type Receiver } from '../../src/notify/receiver.js';

describe('notify/receiver', () => {
  it.each<[Pick<Receiver, 'apps' | 'events'>, string | undefined, boolean]>([
    [{}, 'web', true],
    [{}, undefined, true],
    [{ apps: ['web'] }, 'web', true],
    [{ apps: ['web'] }, 'webs', false],
    [{ apps: ['web'] }, undefined, false],
    [{ apps: ['*'] }, undefined, true],
    [{ apps: ['shop-*'] }, 'shop-web', true],
    [{ apps: ['shop-*'] }, 'shop', false],
    [{ apps: ['*-web'] }, 'shop-web', true],
    [{ apps: ['a*a'] }, 'a', false],
    [{ apps: ['a*b*c'] }, 'axxbxxc', true],
    [{ apps: ['a*b*c'] }, 'axxc', false],
    [{ apps: ['.*'] }, 'web', false],
    [{ events: ['degraded'] }, 'web', true],
    [{ events: ['recovered'] }, 'web', false],
    [{ apps: ['db', 'web'], events: ['degraded'] }, 'web', true],
  ])('%j wants news of %s: %s', (filter, app, expected) => {
    const notice = { at: 0, event: 'degraded', message: '', ...(app !== undefined && { app }) } as const;
    expect(wants(filter, notice)).toBe(expected);
  });
});
