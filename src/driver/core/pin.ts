import type { ImageOverrides } from '../../app/desired-state.js';
import { auditOf } from './audit.js';
import type { Decision, Effect } from './effects.js';
import type { EventOf } from './events.js';
import { pollsFor } from './followed.js';
import { refusalOf } from './refusal.js';
import type { AppSource, AppState, DriverState, Pin, Problem, RollbackWish } from './state.js';
import { withApp, without } from './state.js';
import { targetOf } from './target.js';
import { withWindowOf } from './windows.js';

/** Why an application cannot be rolled back now; undefined when it can. */
export function rollbackRefusalOf(state: DriverState, name: string): Problem | undefined {
  return state.apps[name]?.git === undefined
    ? { code: 'sync/refused', message: `${name} cannot be rolled back: Git does not want it, or was not read yet` }
    : refusalOf(state, name);
}

/**
 * A person wants an application as it was: with earlier images, as an earlier commit defines it, or both. It stays so, whatever Git and the registry
 * say, until a person releases it. The definition of an earlier commit has to be got first.
 */
export function onRollbackRequested(state: DriverState, event: EventOf<'rollbackRequested'>): Decision<DriverState> {
  const { app: name, by, at, reason, prune, revision, images } = event;
  const refusal = rollbackRefusalOf(state, name);
  const audit = auditOf(event, 'rollback', {
    detail: [revision ?? [], Object.values(images)].flat().join(' '),
    ...(reason !== undefined && { reason }),
    ...(refusal && { refused: refusal.message }),
  });
  const app = state.apps[name];
  if (refusal !== undefined || app === undefined) {
    return { state, effects: [audit] };
  }
  const wish: RollbackWish = { by, at, prune, images, ...(reason !== undefined && { reason }) };
  if (revision === undefined) {
    return { state: withPin(state, app, wish, app.pin?.kept), effects: [audit] };
  }
  const effects: Effect[] = [audit, { type: 'recall', app: name, revision }];
  return {
    state: withApp(state, name, () => ({ ...without(app, 'problem'), recall: { ...wish, revision } })),
    effects,
  };
}

/** What an earlier commit has of an application is there. Where Git still says the same, only images need a pin. */
export function onDefinitionRecalled(state: DriverState, event: EventOf<'definitionRecalled'>): DriverState {
  const app = state.apps[event.app];
  if (app?.recall?.revision !== event.source.revision || app.git === undefined) {
    return state;
  }
  const isSame = JSON.stringify(app.git.definition) === JSON.stringify(event.source.definition);
  const isForImages = Object.keys(app.recall.images).length > 0;
  return withPin(state, app, app.recall, isSame && isForImages ? undefined : event.source);
}

/** An earlier commit's definition cannot be had: the application stays as it is. */
export function onRecallFailed(state: DriverState, event: EventOf<'recallFailed'>): DriverState {
  return withApp(state, event.app, (app) =>
    app.recall?.revision === event.revision ? { ...without(app, 'recall'), problem: event.problem } : app,
  );
}

/** A person lets an application follow Git and the registry again. */
export function onUnpinRequested(state: DriverState, event: EventOf<'unpinRequested'>): Decision<DriverState> {
  const app = state.apps[event.app];
  const audit = auditOf(event, 'unpin');
  if (app?.pin === undefined) {
    return { state: withApp(state, event.app, (known) => without(known, 'recall')), effects: [audit] };
  }
  const overrides = freeOverrides(state.overrides, app);
  const free = inForce(without(app, 'pin', 'recall', 'rollingBack', 'problem'), overrides);
  return { state: withRenewed({ ...state, overrides }, free, event.at), effects: [audit] };
}

/** What an application is to be: its pinned definition, or Git's. */
export function sourceOf({ pin, git }: Pick<AppState, 'pin' | 'git'>): AppSource | undefined {
  return pin?.kept ?? git;
}

/** The pin under a new definition of Git's. One that holds nothing but images that nobody follows any more has no use. */
export function pinUnder(pin: Pin | undefined, source: AppSource): Pin | undefined {
  const isUsed = source.definition.images.some(({ image }) => pin?.images[image] !== undefined);
  return isUsed || pin?.kept !== undefined ? pin : undefined;
}

/** What is pinned, in one line. */
export function describePin({ name, git, pin }: AppState): string | undefined {
  if (pin === undefined) {
    return undefined;
  }
  const { by, reason, images, kept, newer } = pin;
  const commits = kept === undefined ? [] : [`commit ${kept.revision.slice(0, 7)}`];
  const passed = kept === undefined || git === undefined ? [] : [`commit ${git.revision.slice(0, 7)}`];
  const versions = Object.entries(newer).flatMap(([image, version]) => (images[image] === version ? [] : [version]));
  const at = [...commits, ...Object.values(images)].join(' and ');
  const instead = [...passed, ...versions].join(' and ');
  const why = reason === undefined ? '' : ` (${reason})`;
  return `pinned by ${by} at ${at}${instead === '' ? '' : ` instead of ${instead}`}${why}; release it with: prodesk unpin ${name}`;
}

function withPin(state: DriverState, app: AppState, wish: RollbackWish, kept: AppSource | undefined): DriverState {
  const { by, at, reason, images, prune } = wish;
  const before = freeOverrides(state.overrides, app);
  const free = inForce(without(app, 'pin'), before).target?.images ?? {};
  const newer = Object.fromEntries(Object.keys(images).map((image) => [image, free[image] ?? '']));
  const pin: Pin = { by, at, images, newer, ...(reason !== undefined && { reason }), ...(kept && { kept }) };
  const overrides = { ...before, [app.name]: { ...before[app.name], ...images } };
  const held: AppState = {
    ...without(app, 'problem', 'recall'),
    pin,
    requested: { by, prune },
    rollingBack: reason ?? `asked by ${by}`,
  };
  return withRenewed({ ...state, overrides }, inForce(held, overrides), at);
}

/** The overrides as they would be if an application were not pinned. */
function freeOverrides(overrides: ImageOverrides, { name, pin }: AppState): ImageOverrides {
  const newer = Object.entries(pin?.newer ?? {}).filter(([, version]) => version !== '');
  return newer.length === 0
    ? overrides
    : { ...overrides, [name]: { ...overrides[name], ...Object.fromEntries(newer) } };
}

/** An application with what its pin or Git says in force. */
function inForce(app: AppState, overrides: ImageOverrides): AppState {
  const source = sourceOf(app);
  if (source === undefined) {
    return app;
  }
  const { definition, revision, secretDigest } = source;
  const target = targetOf(definition, revision, overrides, secretDigest);
  const next = { ...app, definition, definitionRevision: revision, policy: definition.sync, target };
  return withWindowOf(next, app);
}

/** The state with an application that begins anew, maybe with images that nobody followed before. */
function withRenewed(state: DriverState, app: AppState, at: number): DriverState {
  const renewed = { ...app, attempts: 0, retryAt: 0, heal: { attempts: 0, lastAt: 0 } };
  const apps = { ...state.apps, [app.name]: renewed };
  return { ...state, apps, registry: pollsFor(state, apps, at) };
}
