import { withoutCircles } from '../../app/dependency-graph.js';
import { syncStatusOf } from './sync-status.js';
import type { AppState, DriverState } from './state.js';
import { withApps, without } from './state.js';

/** The state with who waits for whom as the definitions in force say. */
export function withDependencies(state: DriverState): DriverState {
  const written = Object.values(state.apps).map(({ name, definition }) => [name, definition?.dependsOn ?? []] as const);
  if (written.every(([, names]) => names.length === 0) && Object.keys(state.dependencies.of).length === 0) {
    return state;
  }
  const of = Object.fromEntries(
    Object.entries(withoutCircles(Object.fromEntries(written))).filter(([, names]) => names.length > 0),
  );
  const by: Record<string, string[]> = {};
  for (const [name, names] of Object.entries(of)) {
    names.forEach((other) => (by[other] ??= []).push(name));
  }
  return { ...state, dependencies: { of, by } };
}

/** Lets applications wait, or go on, after others changed. Looks at those only that others wait for. */
export function settleWaits(before: DriverState, after: DriverState): DriverState {
  const concerned = concernedApps(before, after);
  const changed = concerned.flatMap((name) => {
    const app = after.apps[name];
    const next = app && waiting(after, app);
    return next === undefined || next === app ? [] : [next];
  });
  return withApps(after, changed);
}

/** Whether an application is as those that wait for it need it. One that is not there, or on its way out, is waited for by nobody. */
export function isReady(state: DriverState, name: string): boolean {
  const app = state.apps[name];
  if (app === undefined || app.removal !== undefined) {
    return true;
  }
  const isCalm = [app.operation, app.requested, app.observationNeeded].every((work) => work === undefined);
  return isCalm && syncStatusOf(state, app) === 'Synced' && app.observation?.health.status === 'Healthy';
}

function concernedApps(before: DriverState, after: DriverState): readonly string[] {
  const { of, by } = after.dependencies;
  if (before.dependencies !== after.dependencies) {
    return [...new Set([...Object.keys(before.dependencies.of), ...Object.keys(of)])];
  }
  const moved = Object.keys(by).filter((name) => before.apps[name] !== after.apps[name]);
  const own = Object.keys(of).filter((name) => before.apps[name]?.target !== after.apps[name]?.target);
  return [...new Set([...moved.flatMap((name) => by[name] ?? []), ...own])];
}

function waiting(state: DriverState, app: AppState): AppState {
  const names = (state.dependencies.of[app.name] ?? []).filter((name) => !isReady(state, name));
  if (JSON.stringify(names) === JSON.stringify(app.waitsFor ?? [])) {
    return app;
  }
  return names.length === 0 ? without(app, 'waitsFor') : { ...app, waitsFor: names };
}
