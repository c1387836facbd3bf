import { StalledError } from '../base/errors.js';
import type { DaemonView, LeadershipStatus } from './daemon-view.js';

/** What the API shows of a daemon that does nothing: it starts, or another one leads. Whoever wants it to act is told why it does not. */
export function standbyView(leadership: () => LeadershipStatus | undefined): DaemonView {
  const refuse = (): never => {
    const { holder = 'another daemon', isLeader = true } = leadership() ?? {};
    const why = isLeader ? 'the daemon is starting; try again in a moment' : `${holder} leads; ask that daemon`;
    throw new StalledError('sync/refused', why);
  };
  return {
    status: () => ({ clusterReachable: true, sources: [], apps: [], findings: [] }),
    orphans: () => Promise.resolve().then(refuse),
    history: () => [],
    audit: () => [],
    sync: () => Promise.resolve().then(refuse),
    rollback: () => Promise.resolve().then(refuse),
    unpin: refuse,
    poll(_source, by) {
      if (by !== undefined) {
        refuse();
      }
    },
    pause: refuse,
    resume: refuse,
    testReceiver: () => Promise.resolve().then(refuse),
  };
}

/** The view that is in force at each call, with who leads in its status. */
export function switchingView(current: () => DaemonView, leadership: () => LeadershipStatus | undefined): DaemonView {
  return {
    status() {
      const status = leadership();
      return { ...current().status(), ...(status && { leadership: status }) };
    },
    orphans: () => current().orphans(),
    history: (limit, app) => current().history(limit, app),
    audit: (limit, app) => current().audit(limit, app),
    sync: (app, options) => current().sync(app, options),
    rollback: (app, options) => current().rollback(app, options),
    unpin: (app, options) => current().unpin(app, options),
    poll: (source, by) => current().poll(source, by),
    pause: (app, options) => current().pause(app, options),
    resume: (app, options) => current().resume(app, options),
    testReceiver: (name) => current().testReceiver(name),
  };
}
