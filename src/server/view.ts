import { StalledError } from '../base/errors.js';
import { summarize } from '../driver/core/summarize.js';
import type { AppState, DriverState } from '../driver/core/state.js';
import { rollbackRefusalOf } from '../driver/core/pin.js';
import { isUnderWay, progressOf } from '../driver/core/progress.js';
import { refusalOf } from '../driver/core/refusal.js';
import type { AuditLog } from '../driver/audit-log.js';
import type { DiskStatus, DiskWatch } from '../driver/disk-watch.js';
import type { History } from '../driver/history.js';
import type { OrphanFinder, OrphanReport } from '../driver/orphans.js';
import type { Loop } from '../driver/loop.js';
import type { Notifier } from '../notify/notifier.js';
import type { DaemonStatus, DaemonView, RollbackOptions, SyncOptions, SyncOutcome } from './daemon-view.js';
import { rollbackGoal } from './rollback-goal.js';

/** The records that the API shows. */
export interface Records {
  readonly history: Pick<History, 'list'>;
  readonly audit: Pick<AuditLog, 'list'>;
}

/** What looks at the daemon's surroundings. */
export interface Watches {
  readonly orphans: Pick<OrphanFinder, 'find' | 'latest'>;
  readonly disk: Pick<DiskWatch, 'status'>;
  readonly receivers: Pick<Notifier, 'test' | 'counts'>;
}

/** What the API shows of a running loop. */
export function viewOf(loop: Loop, { history, audit }: Records, { orphans, disk, receivers }: Watches): DaemonView {
  return {
    status: () => ({ ...summarize(loop.state()), ...orphansIn(orphans.latest()), ...diskIn(disk.status()) }),
    orphans: () => orphans.find(),
    history: (limit, app) => history.list(limit, app),
    audit: (limit, app) => audit.list(limit, app),
    sync: (app, options) => sync(loop, app, options),
    poll: (source, by) => loop.dispatch({ type: 'pollRequested', source, ...(by !== undefined && { by }) }),
    rollback: (app, options) => rollBack(loop, history, app, options),
    unpin(app, { by }) {
      requireApp(loop, app);
      loop.dispatch({ type: 'unpinRequested', app, by });
    },
    pause(app, options) {
      requireAppOrAll(loop, app);
      loop.dispatch({ type: 'pauseRequested', ...(app !== undefined && { app }), ...options });
    },
    resume(app, options) {
      requireAppOrAll(loop, app);
      loop.dispatch({ type: 'resumeRequested', ...(app !== undefined && { app }), ...options });
    },
    testReceiver: (name) => testReceiver(receivers, name),
  };
}

/** What was kept on purpose is no news. */
function orphansIn(report: OrphanReport | undefined): Pick<DaemonStatus, 'orphans'> {
  const orphans = report?.orphans.filter(({ isKept }) => !isKept) ?? [];
  return orphans.length === 0 ? {} : { orphans };
}

function diskIn({ problem }: DiskStatus): Pick<DaemonStatus, 'disk'> {
  return problem === undefined ? {} : { disk: problem };
}

async function testReceiver(receivers: Watches['receivers'], name: string): Promise<SyncOutcome> {
  const result = await receivers.test(name);
  if (result === undefined) {
    const known = Object.keys(receivers.counts()).join(', ');
    return { ok: false, message: `no such receiver; there are: ${known || 'none'}` };
  }
  return result.kind === 'taken' ? { ok: true } : { ok: false, message: result.reason };
}

async function sync(loop: Loop, name: string, options: SyncOptions): Promise<SyncOutcome> {
  requireApp(loop, name);
  if (options.latest) {
    loop.dispatch({ type: 'unpinRequested', app: name, by: options.by });
  }
  if (options.retryImages) {
    loop.dispatch({ type: 'retryImageRequested', app: name, by: options.by });
  }
  const refusal = refusalOf(loop.state(), name);
  loop.dispatch({ type: 'syncRequested', app: name, by: options.by, prune: options.prune });
  const app = options.wait ? await settled(loop, name, options.signal) : undefined;
  const held = refusal ?? refusalOf(loop.state(), name);
  return held === undefined ? outcomeOf(app) : { ok: false, message: held.message };
}

async function rollBack(
  loop: Loop,
  history: Records['history'],
  name: string,
  options: RollbackOptions,
): Promise<SyncOutcome> {
  const app = requireApp(loop, name);
  const { by, prune, reason } = options;
  const goal = rollbackGoal(app, history.list(Infinity, name), options);
  const refusal = rollbackRefusalOf(loop.state(), name);
  loop.dispatch({
    type: 'rollbackRequested',
    app: name,
    by,
    prune,
    ...goal,
    ...(reason !== undefined && { reason }),
  });
  const ended = await settled(loop, name);
  return refusal === undefined ? outcomeOf(ended) : { ok: false, message: refusal.message };
}

function requireAppOrAll(loop: Loop, name: string | undefined): void {
  if (name !== undefined) {
    requireApp(loop, name);
  }
}

function requireApp(loop: Loop, name: string): AppState {
  const app = loop.state().apps[name];
  if (app === undefined) {
    const known = Object.keys(loop.state().apps).sort().join(', ');
    throw new StalledError('app/unknown', `no application "${name}"; there are: ${known || 'none'}`);
  }
  return app;
}

/** Waits until nothing was asked of the application, no operation runs, and no sync in stages goes on. */
function settled(loop: Loop, name: string, signal?: AbortSignal): Promise<AppState | undefined> {
  return new Promise((resolve) => {
    const check = (state: DriverState): void => {
      const app = state.apps[name];
      const isAsked = app?.requested !== undefined || app?.operation !== undefined || app?.recall !== undefined;
      const isOpen = isAsked || (app !== undefined && isUnderWay(app));
      if (!isOpen || state.stopping || signal?.aborted === true) {
        unsubscribe();
        signal?.removeEventListener('abort', onAbort);
        resolve(app);
      }
    };
    const onAbort = (): void => check(loop.state());
    signal?.addEventListener('abort', onAbort);
    const unsubscribe = loop.subscribe(check);
    check(loop.state());
  });
}

function outcomeOf(app: AppState | undefined): SyncOutcome {
  const problem = app?.problem ?? (app && progressOf(app)?.failed);
  return problem === undefined ? { ok: true } : { ok: false, message: problem.message };
}
