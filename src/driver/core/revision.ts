import type { DesiredApp } from '../../app/desired-state.js';
import type { Decision, Effect } from './effects.js';
import type { EventOf } from './events.js';
import { judgeRemoval } from './prune-guard.js';
import { pollFailed, pollSucceeded } from './polls.js';
import type { AppState, DriverState } from './state.js';
import { newAppState, without } from './state.js';
import { targetOf } from './target.js';

/** The branch's head is known: synthesize it when it is not the revision in force. */
export function onHeadSeen(state: DriverState, event: EventOf<'headSeen'>): Decision<DriverState> {
  const polled = pollSucceeded(state.git, event.at, state.settings.gitIntervalMs, event.random);
  const next: DriverState = { ...state, git: { ...polled, head: event.commit } };
  const known = event.commit === state.revision?.commit;
  const waits = event.commit === state.rejected?.commit && (state.rejected.retryAt ?? Infinity) > event.at;
  if (state.synthesizing !== undefined || waits) {
    return { state: next, effects: [] };
  }
  if (known) {
    return { state: without(next, 'rejected'), effects: [] };
  }
  return { state: { ...next, synthesizing: event.commit }, effects: [{ type: 'synthesize', commit: event.commit }] };
}

/** A commit cannot be taken: the revision in force stays. A passing cause is tried again. */
export function onRevisionRejected(state: DriverState, event: EventOf<'revisionRejected'>): DriverState {
  const rejected = {
    commit: event.commit,
    problem: event.problem,
    ...(event.transient ? { retryAt: event.at + (event.retryAfterMs ?? 15_000) } : {}),
  };
  return { ...without(state, 'synthesizing'), rejected };
}

/** Git cannot be reached: nothing changes but the next poll. */
export function onGitFailed(state: DriverState, event: EventOf<'gitFailed'>): DriverState {
  return { ...state, git: { ...state.git, ...pollFailed(state.git, event.at, event.random, event) } };
}

/** A commit's desired state takes force, application by application. */
export function onRevisionSynthesized(
  state: DriverState,
  event: EventOf<'revisionSynthesized'>,
): Decision<DriverState> {
  const { desired, info } = event;
  const apps: Record<string, AppState> = {};
  for (const [name, definition] of Object.entries(desired.apps)) {
    const known = state.apps[name] ?? newAppState(name, definition.sync);
    apps[name] = withDefinition(state, known, definition, event);
  }
  for (const [name, failure] of Object.entries(desired.failed)) {
    const known =
      state.apps[name] ??
      newAppState(name, { automated: false, prune: false, selfHeal: false, createNamespace: false });
    apps[name] = { ...known, synthFailure: { ...failure, revision: info.commit } };
  }
  const gone = Object.values(state.apps).filter((app) => apps[app.name] === undefined);
  const unexpected = gone.filter((app) => !desired.disabled.includes(app.name) && app.removal === undefined);
  const { held } = judgeRemoval(Object.keys(state.apps).length, unexpected.length, state.settings.pruneLimit);
  const effects: Effect[] = [];
  for (const app of gone) {
    const removed = withRemoval(app, desired.disabled.includes(app.name), held && unexpected.includes(app));
    if (removed === undefined) {
      effects.push({ type: 'forget', app: app.name });
    } else {
      apps[app.name] = removed;
    }
  }
  const next = { ...without(state, 'synthesizing', 'rejected'), revision: info, apps };
  return followUp(next, event, effects);
}

/** When the branch moved on during the synthesis, go on with the newer commit. */
function followUp(
  state: DriverState,
  event: EventOf<'revisionSynthesized'>,
  effects: readonly Effect[],
): Decision<DriverState> {
  const { head } = state.git;
  return head === undefined || head === event.info.commit
    ? { state, effects }
    : { state: { ...state, synthesizing: head }, effects: [...effects, { type: 'synthesize', commit: head }] };
}

function withDefinition(
  state: DriverState,
  known: AppState,
  definition: DesiredApp,
  event: EventOf<'revisionSynthesized'>,
): AppState {
  const secretDigest = event.secretDigests[definition.name] ?? '';
  const target = targetOf(definition, event.info.commit, state.overrides, secretDigest);
  const changed = known.target?.fingerprint !== target.fingerprint;
  const unheard = definition.images.some(({ image }) => known.selected[image] === undefined);
  const waits = known.synced === undefined && unheard && state.overrides[definition.name] === undefined;
  const base = {
    ...without(known, 'removal', 'synthFailure', 'awaitsImagesUntil'),
    ...(known.synced?.fingerprint === target.fingerprint && { synced: { ...known.synced, revision: target.revision } }),
  };
  return {
    ...(changed ? { ...without(base, 'problem'), attempts: 0, retryAt: 0, heal: { attempts: 0, lastAt: 0 } } : base),
    definition,
    definitionRevision: event.info.commit,
    policy: definition.sync,
    target: known.target !== undefined && !changed ? { ...target, images: known.target.images } : target,
    ...(waits ? { awaitsImagesUntil: known.awaitsImagesUntil ?? event.at + state.settings.firstImageWaitMs } : {}),
  };
}

/** An application that left Git: undefined when nothing of it is in the cluster. */
function withRemoval(app: AppState, disabled: boolean, held: boolean): AppState | undefined {
  if (app.synced === undefined && app.operation === undefined) {
    return undefined;
  }
  const stillHeld = held || (app.removal?.held ?? false);
  return {
    ...without(app, 'definition', 'target', 'rollout', 'synthFailure', 'awaitsImagesUntil', 'problem'),
    removal: { reason: disabled ? 'disabled' : 'removed', held: stillHeld && !disabled },
    attempts: 0,
    retryAt: 0,
  };
}
