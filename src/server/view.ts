import { StalledError } from '../base/errors.js';
import { summarize } from '../driver/core/summarize.js';
import type { AppState, DriverState } from '../driver/core/state.js';
import type { History } from '../driver/history.js';
import type { Loop } from '../driver/loop.js';
import type { DaemonView, SyncOptions, SyncOutcome } from './routes.js';

/** What the API shows of a running loop. */
export function viewOf(loop: Loop, history: History): DaemonView {
  return {
    status: () => summarize(loop.state()),
    history: (limit, app) => history.list(limit, app),
    sync: (app, options) => sync(loop, app, options),
    poll: (source) => loop.dispatch({ type: 'pollRequested', source }),
  };
}

async function sync(loop: Loop, name: string, options: SyncOptions): Promise<SyncOutcome> {
  if (loop.state().apps[name] === undefined) {
    const known = Object.keys(loop.state().apps).sort().join(', ');
    throw new StalledError('app/unknown', `no application "${name}"; there are: ${known || 'none'}`);
  }
  if (options.retryImages) {
    loop.dispatch({ type: 'retryImageRequested', app: name, by: options.by });
  }
  loop.dispatch({ type: 'syncRequested', app: name, by: options.by, prune: options.prune });
  return outcomeOf(await settled(loop, name));
}

/** Waits until nothing was asked of the application and no operation runs. */
function settled(loop: Loop, name: string): Promise<AppState | undefined> {
  return new Promise((resolve) => {
    const check = (state: DriverState): void => {
      const app = state.apps[name];
      if (app === undefined || (app.requested === undefined && app.operation === undefined) || state.stopping) {
        unsubscribe();
        resolve(app);
      }
    };
    const unsubscribe = loop.subscribe(check);
    check(loop.state());
  });
}

function outcomeOf(app: AppState | undefined): SyncOutcome {
  return app?.problem === undefined ? { ok: true } : { ok: false, message: app.problem.message };
}
