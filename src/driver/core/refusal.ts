import { describePause, pauseOf } from './pause.js';
import type { DriverState, Problem } from './state.js';

/** Why a person's wish to write an application's objects cannot be met now; undefined when it can. */
export function refusalOf(state: DriverState, name: string): Problem | undefined {
  const app = state.apps[name];
  const pause = app && pauseOf(state, app);
  if (pause !== undefined) {
    return { code: 'sync/refused', message: `${name} is ${describePause(pause)}` };
  }
  return app?.window?.open === false && !app.window.manual
    ? { code: 'sync/refused', message: `the sync windows of ${name} are closed, for persons too` }
    : undefined;
}
