import { describePause, pauseOf } from './pause.js';
import type { DriverState, Problem } from './state.js';

/** Why a person's wish to write an application's objects cannot be met now; undefined when it can. */
export function refusalOf(state: DriverState, name: string): Problem | undefined {
  const app = state.apps[name];
  const pause = app && pauseOf(state, app);
  return pause && { code: 'sync/refused', message: `${name} is ${describePause(pause)}` };
}
