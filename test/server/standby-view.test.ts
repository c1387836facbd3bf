import { describe, expect, it } from 'vitest';
import type { DaemonView } from '../../src/server/daemon-view.js';
import { standbyView, switchingView } from '../../src/server/standby-view.js';

const FOLLOWS = { isLeader: false, identity: 'b', holder: 'a', lease: 'prodesk/prodesk-driver' };
const SYNC = { by: 'me', prune: false, retryImages: false, latest: false, wait: true };

describe('server/standby-view', () => {
  it('a follower shows that it is one, and says whom to ask', async () => {
    const view = switchingView(
      () => standbyView(() => FOLLOWS),
      () => FOLLOWS,
    );
    expect(view.status()).toMatchObject({ leadership: FOLLOWS, apps: [] });
    await expect(view.sync('web', SYNC)).rejects.toThrow('a leads; ask that daemon');
    expect(() => view.pause(undefined, { by: 'me' })).toThrow('a leads');
    expect(() => view.poll('git', 'me')).toThrow('a leads');
  });

  it('a webhook that reaches a follower is no failure', () => {
    expect(() => standbyView(() => FOLLOWS).poll('git')).not.toThrow();
  });

  it('a daemon that starts says so', async () => {
    await expect(standbyView(() => undefined).sync('web', SYNC)).rejects.toThrow('the daemon is starting');
  });

  it('each call goes to the view that is in force', () => {
    const other = { ...standbyView(() => undefined), history: () => [{ id: 1 }] } as unknown as DaemonView;
    let current = standbyView(() => undefined);
    const view = switchingView(
      () => current,
      () => undefined,
    );
    expect(view.history(1)).toEqual([]);
    current = other;
    expect(view.history(1)).toEqual([{ id: 1 }]);
    expect(view.status()).not.toHaveProperty('leadership');
  });
});
