import type { DesiredApp, DesiredState, ImageOverrides } from '../../app/desired-state.js';
import { parseVersion } from '../../app/image.js';
import { backoffMs, REVISION_BACKOFF } from './backoff.js';
import type { Decision, Effect } from './effects.js';
import type { EventOf } from './events.js';
import { pollsFor } from './followed.js';
import { pinUnder } from './pin.js';
import { pollFailed, pollSucceeded } from './polls.js';
import { NOTHING_BY_ITSELF, removeApps } from './removal.js';
import type { AppSource, AppState, AppTarget, DriverState, Pin, PollState } from './state.js';
import { newAppState, without } from './state.js';
import { fingerprintWith, followedImages, targetOf } from './target.js';
import { withWindowOf } from './windows.js';

/** The branch's head is known: synthesize it when it is not the revision in force, or when somebody asked. */
export function onHeadSeen(state: DriverState, event: EventOf<'headSeen'>): Decision<DriverState> {
  const polled = pollSucceeded(state.git, event.at, state.settings.gitIntervalMs, event.random);
  const next: DriverState = { ...state, git: { ...gitAfter(state.git, polled), head: event.commit } };
  if (state.synthesizing !== undefined) {
    return { state: next, effects: [] };
  }
  if (state.git.retake === true) {
    return synthesize(next, event.commit);
  }
  const waits = event.commit === state.rejected?.commit && (state.rejected.retryAt ?? Infinity) > event.at;
  return waits ? { state: next, effects: [] } : takeHead(next);
}

/** Synthesizes a commit that failed for a passing cause again, when it is time. One that the branch has left is not remembered. */
export function retryRejected(state: DriverState, at: number): Decision<DriverState> {
  const { rejected, synthesizing } = state;
  const isDue = synthesizing === undefined && rejected?.retryAt !== undefined && rejected.retryAt <= at;
  return isDue ? synthesize(state, rejected.commit) : { state, effects: [] };
}

/** A commit cannot be taken: the revision in force stays. A passing cause is tried again; a branch that moved on is followed. */
export function onRevisionRejected(state: DriverState, event: EventOf<'revisionRejected'>): Decision<DriverState> {
  const failures = state.rejected?.commit === event.commit ? state.rejected.failures + 1 : 1;
  const waitMs = Math.max(event.retryAfterMs ?? 0, backoffMs(REVISION_BACKOFF, failures, event.random));
  const rejected = {
    commit: event.commit,
    problem: event.problem,
    failures,
    ...(event.transient ? { retryAt: event.at + waitMs } : {}),
  };
  const next = { ...without(state, 'synthesizing'), rejected };
  return followUp(next, event.commit);
}

/** Git cannot be reached: nothing changes but the next poll. */
export function onGitFailed(state: DriverState, event: EventOf<'gitFailed'>): DriverState {
  return { ...state, git: gitAfter(state.git, pollFailed(state.git, event.at, event.random, event)) };
}

/** A commit's desired state takes force, application by application. */
export function onRevisionSynthesized(
  state: DriverState,
  event: EventOf<'revisionSynthesized'>,
): Decision<DriverState> {
  const desired = refuseEmpty(event.desired);
  const overrides = keepDeployedVersions(state, desired);
  const apps: Record<string, AppState> = {};
  for (const [name, definition] of Object.entries(desired.apps)) {
    const known = state.apps[name] ?? newAppState(name, definition.sync);
    apps[name] = withDefinition({ ...state, overrides }, known, definition, event);
  }
  for (const [name, failure] of Object.entries(desired.failed)) {
    const known = state.apps[name] ?? newAppState(name, NOTHING_BY_ITSELF);
    const synthFailure = { ...failure, revision: event.info.commit };
    apps[name] = { ...without(known, 'removal'), synthFailure };
  }
  const gone = Object.values(state.apps).filter((app) => apps[app.name] === undefined);
  const wanted = Object.values(state.apps).filter((app) => app.removal === undefined).length;
  const effects: Effect[] = [];
  for (const [app, removed] of removeApps(gone, { wanted, desired, limit: state.settings.pruneLimit })) {
    if (removed === undefined) {
      effects.push({ type: 'forget', app: app.name });
    } else {
      apps[app.name] = removed;
    }
  }
  const registry = pollsFor(state, apps, event.at);
  const { findings } = desired;
  const next = {
    ...without(state, 'synthesizing', 'rejected', 'findings'),
    ...(findings && { findings }),
    revision: event.info,
    apps,
    overrides,
    registry,
  };
  const followed = followUp(next, event.info.commit);
  return { state: followed.state, effects: [...effects, ...followed.effects] };
}

function gitAfter({ head, retake }: DriverState['git'], poll: PollState): DriverState['git'] {
  return { ...poll, ...(head !== undefined && { head }), ...(retake && { retake }) };
}

function synthesize(state: DriverState, commit: string): Decision<DriverState> {
  return {
    state: { ...state, git: without(state.git, 'retake'), synthesizing: commit },
    effects: [{ type: 'synthesize', commit }],
  };
}

/** Goes on with the branch's head, unless it is in force. */
function takeHead(state: DriverState): Decision<DriverState> {
  const { head } = state.git;
  if (head === undefined || head === state.revision?.commit) {
    return { state: state.rejected === undefined ? state : without(state, 'rejected'), effects: [] };
  }
  return synthesize(state, head);
}

/** When the branch moved on during the synthesis of a commit, or somebody asked meanwhile, go on at once. */
function followUp(state: DriverState, commit: string): Decision<DriverState> {
  const { head, retake } = state.git;
  if (head === undefined) {
    return { state, effects: [] };
  }
  if (retake === true && !state.git.inFlight && state.git.again !== true) {
    return synthesize(state, head);
  }
  return head === commit ? { state, effects: [] } : takeHead(state);
}

/** An application without objects is a mistake: deploying it would delete everything it has. Removing one is said otherwise. */
function refuseEmpty(desired: DesiredState): DesiredState {
  const empty = Object.values(desired.apps).filter(({ objects }) => objects.length === 0);
  if (empty.length === 0) {
    return desired;
  }
  const names = new Set(empty.map(({ name }) => name));
  const refused = empty.map(({ name }) => [
    name,
    {
      message: 'the application has no objects; to remove it, delete its folder or set enabled: false',
      location: `apps/${name}/app.ts`,
    },
  ]);
  return {
    ...desired,
    apps: Object.fromEntries(Object.entries(desired.apps).filter(([name]) => !names.has(name))),
    failed: { ...desired.failed, ...(Object.fromEntries(refused) as DesiredState['failed']) },
  };
}

/**
 * Image versions that are deployed stay in force although the code has another one: those that the registry knows, and at the first revision after a
 * start all of them. So neither a commit nor lost settings put a placeholder back.
 */
function keepDeployedVersions(state: DriverState, desired: DesiredState): ImageOverrides {
  let { overrides } = state;
  for (const definition of Object.values(desired.apps)) {
    const own = overrides[definition.name];
    const kept = definition.images.flatMap(({ image }) => {
      const version = deployedVersion(state.apps[definition.name], image);
      return version === undefined || own?.[image] !== undefined ? [] : [[image, version] as const];
    });
    const inCode = kept.length === 0 ? {} : followedImages(definition, {});
    const other = kept.filter(([image, version]) => inCode[image] !== version);
    if (other.length > 0) {
      overrides = { ...overrides, [definition.name]: { ...own, ...Object.fromEntries(other) } };
    }
  }
  return overrides;
}

function deployedVersion(app: AppState | undefined, image: string): string | undefined {
  const version = app?.synced?.images[image];
  const { tag, digest } = parseVersion(version ?? '');
  const known = app?.selected[image];
  const isOfRegistry =
    known?.digest !== undefined && known.tag === tag && (digest === undefined || known.digest === digest);
  const isFirst = app?.definition === undefined && app?.removal === undefined;
  return isFirst || isOfRegistry ? version : undefined;
}

function withDefinition(
  state: DriverState,
  known: AppState,
  definition: DesiredApp,
  event: EventOf<'revisionSynthesized'>,
): AppState {
  const secretDigest = event.secretDigests[definition.name] ?? '';
  const git: AppSource = { definition, revision: event.info.commit, secretDigest };
  const pin = renewedPin(pinUnder(known.pin, git), event.pinnedDigests?.[definition.name]);
  const source = pin?.kept ?? git;
  const target = targetAfter(state, known, source);
  const changed = known.target?.fingerprint !== target.fingerprint;
  const base = {
    ...without(known, 'removal', 'synthFailure', 'awaitsImagesUntil', 'pin'),
    ...(known.synced?.fingerprint === target.fingerprint && { synced: { ...known.synced, revision: target.revision } }),
  };
  const next: AppState = {
    ...(changed ? { ...without(base, 'problem'), attempts: 0, retryAt: 0, heal: { attempts: 0, lastAt: 0 } } : base),
    git,
    ...(pin && { pin }),
    definition: source.definition,
    definitionRevision: source.revision,
    policy: source.definition.sync,
    target,
    ...(waitsForImages(known, source.definition, target.images, state.overrides)
      ? { awaitsImagesUntil: known.awaitsImagesUntil ?? event.at + state.settings.firstImageWaitMs }
      : {}),
  };
  return withWindowOf(ignoresOtherwise(known, next) ? { ...next, observationNeeded: 'due' } : next, known);
}

/** Whether what was seen may be judged otherwise now. */
function ignoresOtherwise({ definition: before, watched }: AppState, { definition: after }: AppState): boolean {
  const isChanged = JSON.stringify(before?.ignoreDifferences) !== JSON.stringify(after?.ignoreDifferences);
  return watched !== undefined && before !== undefined && isChanged;
}

/** The target under a new revision. Most commits change few applications: what is the same as before is not hashed again. */
function targetAfter(
  { overrides }: DriverState,
  known: AppState,
  { definition, revision, secretDigest }: AppSource,
): AppTarget {
  const { target } = known;
  const isSame =
    target !== undefined &&
    target.fingerprint === fingerprintWith(target.objectsFingerprint, secretDigest) &&
    JSON.stringify(known.definition) === JSON.stringify(definition);
  return isSame ? { ...target, revision } : targetOf(definition, revision, overrides, secretDigest);
}

/** A pin whose definition uses secrets that may have other values now. */
function renewedPin(pin: Pin | undefined, secretDigest: string | undefined): Pin | undefined {
  return pin?.kept === undefined || secretDigest === undefined || secretDigest === pin.kept.secretDigest
    ? pin
    : { ...pin, kept: { ...pin.kept, secretDigest } };
}

/** Whether a tag would be deployed of which only the code has told so far: it may be a placeholder. */
function waitsForImages(
  { selected, synced }: AppState,
  { name, images }: DesiredApp,
  target: Readonly<Record<string, string>>,
  overrides: ImageOverrides,
): boolean {
  return images.some(({ image }) => {
    const isUnheard = selected[image] === undefined && overrides[name]?.[image] === undefined;
    return isUnheard && (synced === undefined || synced.images[image] !== target[image]);
  });
}
