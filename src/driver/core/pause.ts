import { agendaOf, earliestOf } from './agenda.js';
import { auditOf } from './audit.js';
import type { Decision } from './effects.js';
import type { EventOf } from './events.js';
import type { DriverState, Pause } from './state.js';
import { withApp, withApps, without } from './state.js';

/** A person wants nothing written any more, of one application or of all. What runs now ends first. */
export function onPauseRequested(state: DriverState, event: EventOf<'pauseRequested'>): Decision<DriverState> {
  const { app: name, by, at, forMs, reason } = event;
  const pause: Pause = {
    by,
    at,
    ...(forMs !== undefined && { until: at + forMs }),
    ...(reason !== undefined && { reason }),
  };
  const paused =
    name === undefined
      ? { ...withoutRequests(state), paused: pause }
      : withApp(state, name, (app) => ({ ...without(app, 'requested'), paused: pause }));
  return { state: paused, effects: [auditOf(event, 'pause', pauseDetail(pause))] };
}

/** A person lets an application, or all of them, go on. The pause of one application outlives the one of all. */
export function onResumeRequested(state: DriverState, event: EventOf<'resumeRequested'>): Decision<DriverState> {
  const resumed =
    event.app === undefined ? without(state, 'paused') : withApp(state, event.app, (app) => without(app, 'paused'));
  return { state: resumed, effects: [auditOf(event, 'resume')] };
}

/** Ends the pauses whose time is over. */
export function endPauses(state: DriverState, at: number): DriverState {
  const { rolloutGraceMs } = state.settings;
  const ended =
    earliestOf(state).resume > at
      ? []
      : Object.values(state.apps).filter((app) => agendaOf(app, rolloutGraceMs).resume <= at);
  const resumed = withApps(
    state,
    ended.map((app) => without(app, 'paused')),
  );
  return (state.paused?.until ?? Infinity) <= at ? without(resumed, 'paused') : resumed;
}

/** The pause that holds an application, if any: that of all wins. */
export function pauseOf(state: Pick<DriverState, 'paused'>, app: { readonly paused?: Pause }): Pause | undefined {
  return state.paused ?? app.paused;
}

/** A pause in words: `paused by me: maintenance`. When it ends is told apart. */
export function describePause({ by, reason }: Pause): string {
  return reason === undefined ? `paused by ${by}` : `paused by ${by}: ${reason}`;
}

function pauseDetail({ at, until, reason }: Pause) {
  return {
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { detail: `for ${Math.round((until - at) / 1000)}s` }),
  };
}

/** What was asked for and has not begun is not done later by surprise. */
function withoutRequests(state: DriverState): DriverState {
  const asked = Object.values(state.apps).filter(({ requested }) => requested !== undefined);
  return withApps(
    state,
    asked.map((app) => without(app, 'requested')),
  );
}
