import { parseVersion, shortVersion } from '../../app/image.js';
import type { Build, ImagePolicy } from '../../app/image-policy.js';
import { orderOf, versionOf } from '../../app/image-policy.js';
import type { Decision } from './effects.js';
import type { EventOf, FoundBuilds } from './events.js';
import { followedBy, isSamePolicy } from './followed.js';
import { pollFailed, pollSucceeded } from './polls.js';
import { type CurrentBuild, selectBuild } from './select-tag.js';
import type { AppState, DriverState, PollState, Problem } from './state.js';
import { pollOf, without, withApp } from './state.js';
import { targetOf } from './target.js';

/** The registry answered: each follower takes a better build, or stays. An answer that nobody waits for any more is dropped. */
export function onBuildsListed(state: DriverState, event: EventOf<'buildsListed'>): Decision<DriverState> {
  const { poll, found, problem, at, random } = event;
  const answered = pollSucceeded(pollOf(state.registry, poll), at, state.settings.registryIntervalMs, random);
  const polled = withPoll(state, poll, problem === undefined ? answered : { ...answered, problem });
  return { state: found.reduce(take, polled), effects: [] };
}

/** The registry failed: the image in force stays. A first sync goes on waiting until its time is over. */
export function onRegistryFailed(state: DriverState, event: EventOf<'registryFailed'>): DriverState {
  return withPoll(state, event.poll, pollFailed(pollOf(state.registry, event.poll), event.at, event.random, event));
}

/** Puts image versions of an application in force. Those that are in force already change nothing. */
export function withOverride(
  state: DriverState,
  name: string,
  versions: Readonly<Record<string, string>>,
): DriverState {
  const known = state.overrides[name];
  if (known !== undefined && Object.entries(versions).every(([image, version]) => known[image] === version)) {
    return state;
  }
  const overrides = { ...state.overrides, [name]: { ...known, ...versions } };
  return withApp({ ...state, overrides }, name, (app) => {
    if (app.definition === undefined || app.target === undefined) {
      return app;
    }
    const [, secretDigest = ''] = app.target.fingerprint.split('-');
    const target = targetOf(app.definition, app.target.revision, overrides, secretDigest);
    return { ...without(app, 'problem'), target, attempts: 0, retryAt: 0, heal: { attempts: 0, lastAt: 0 } };
  });
}

/** One follower's part of an answer. It counts only under the policy that it was asked for. */
function take(state: DriverState, { app: name, policy, builds, others = [], problem }: FoundBuilds): DriverState {
  const app = state.apps[name];
  if (app?.target === undefined || !followedBy(app).some((followed) => isSamePolicy(followed.policy, policy))) {
    return state;
  }
  const { image } = policy;
  const current = currentBuild(app, policy, [...builds, ...others]);
  const bad = app.badImages.filter((one) => one.image === image);
  const chosen = selectBuild(policy, builds, current, bad);
  const held = problem ?? olderProblem(policy, builds, current);
  const heard = withApp(state, name, (known) =>
    hear(withImageProblem(known, image, held), image, chosen ?? current?.build ?? { tag: '' }),
  );
  return chosen === undefined ? heard : takeBuild(heard, name, image, versionOf(policy, chosen));
}

/** The state with a poll noted; one that no application needs any more is forgotten. */
function withPoll(state: DriverState, key: string, poll: PollState): DriverState {
  const isNeeded = Object.values(state.apps).some((app) => followedBy(app).some((followed) => followed.key === key));
  if (isNeeded) {
    return { ...state, registry: { ...state.registry, [key]: poll } };
  }
  return state.registry[key] === undefined ? state : { ...state, registry: without(state.registry, key) };
}

/** A tag that moved back is not followed, and a person is told. */
function olderProblem(
  policy: ImagePolicy,
  [build]: readonly Build[],
  current: CurrentBuild | undefined,
): Problem | undefined {
  if (policy.strategy !== 'digest' || policy.mayGoBack || build?.digest === undefined || current === undefined) {
    return undefined;
  }
  const isOlder = (build.createdAt ?? Infinity) < (current.build.createdAt ?? 0) && build.tag === current.build.tag;
  const message = `${policy.image}:${build.tag} was moved back to an older build, ${shortVersion(build.digest)}, which is not taken; to follow it, say mayGoBack: true`;
  return isOlder && build.digest !== current.build.digest ? { code: 'image/older', message } : undefined;
}

/** Notes why nothing, or nothing better, of an image is taken; or that there is no such reason any more. */
function withImageProblem(app: AppState, image: string, problem: Problem | undefined): AppState {
  const { imageProblems = {} } = app;
  if (imageProblems[image]?.message === problem?.message) {
    return app;
  }
  return {
    ...app,
    imageProblems: problem === undefined ? without(imageProblems, image) : { ...imageProblems, [image]: problem },
  };
}

/** Notes what the registry said. */
function hear(app: AppState, image: string, build: Build): AppState {
  const known = app.selected[image];
  const isNews = known?.tag !== build.tag || known.digest !== build.digest || known.createdAt !== build.createdAt;
  const { tag, digest, createdAt } = build;
  const selected = { tag, ...(digest !== undefined && { digest }), ...(createdAt !== undefined && { createdAt }) };
  return stopWaiting(isNews ? { ...app, selected: { ...app.selected, [image]: selected } } : app);
}

/** A better build takes the place of a rollback that has not begun. Where the image is pinned, it is kept for when it is released. */
function takeBuild(state: DriverState, name: string, image: string, version: string): DriverState {
  const pin = state.apps[name]?.pin;
  if (pin?.images[image] !== undefined) {
    return withApp(state, name, (app) => ({ ...app, pin: { ...pin, newer: { ...pin.newer, [image]: version } } }));
  }
  const forward = withApp(state, name, (app) => (app.rollingBack === undefined ? app : without(app, 'rollingBack')));
  return withOverride(forward, name, { [image]: version });
}

/**
 * The build in force, with its creation time where that is known. A tag that was pushed again with an older build keeps its time: what runs is not
 * newer than before.
 */
function currentBuild(app: AppState, policy: ImagePolicy, builds: readonly Build[]): CurrentBuild | undefined {
  const version = freeVersion(app, policy.image);
  if (version === undefined) {
    return undefined;
  }
  const { tag = '', digest } = parseVersion(version);
  const deployed: Build = { tag, ...(digest !== undefined && { digest }) };
  if (!orderOf(policy).accepts(tag)) {
    return { version, build: deployed };
  }
  const isIt = (build: Build): boolean => build.tag === tag && (digest === undefined || build.digest === digest);
  const listed = builds.find(isIt);
  const selected = app.selected[policy.image];
  const known = selected !== undefined && isIt(selected) ? selected : undefined;
  if (known?.createdAt === undefined) {
    return { version, build: listed ?? known ?? deployed };
  }
  const createdAt = Math.max(known.createdAt, listed?.createdAt ?? 0);
  return { version, build: { ...(listed ?? known), createdAt } };
}

/** The version of an image that is in force, or would be if it were not pinned. */
function freeVersion({ pin, target }: AppState, image: string): string | undefined {
  return pin?.newer[image] || target?.images[image];
}

function stopWaiting(app: AppState): AppState {
  const waitsForMore = app.definition?.images.some(({ image }) => app.selected[image] === undefined) ?? false;
  return waitsForMore || app.awaitsImagesUntil === undefined ? app : without(app, 'awaitsImagesUntil');
}
