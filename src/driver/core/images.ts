import type { DesiredApp } from '../../app/desired-state.js';
import type { ImagePolicy } from '../../app/image-policy.js';
import type { ImageBuild } from '../../sources/registry/port.js';
import type { Decision } from './effects.js';
import type { EventOf } from './events.js';
import { pollFailed, pollSucceeded } from './polls.js';
import { allowedTags, selectBuild } from './select-tag.js';
import type { AppState, DriverState, SelectedBuild } from './state.js';
import { pollOf, without, withApp } from './state.js';
import { targetOf } from './target.js';

/** An image that an application follows, and the key of its polls. */
export interface FollowedImage {
  readonly policy: ImagePolicy;
  readonly key: string;
}

/** Keys are made once: they are looked up for each application at each event. */
const FOLLOWED = new WeakMap<DesiredApp, readonly FollowedImage[]>();

/** The key under which polls of one application's image are remembered. */
export function pollKey(app: string, image: string): string {
  return `${app} ${image}`;
}

/** The images that an application follows at present. */
export function followedBy({ definition }: AppState): readonly FollowedImage[] {
  if (definition === undefined) {
    return [];
  }
  const known = FOLLOWED.get(definition);
  if (known !== undefined) {
    return known;
  }
  const followed = definition.images.map((policy) => ({ policy, key: pollKey(definition.name, policy.image) }));
  FOLLOWED.set(definition, followed);
  return followed;
}

/** The registry answered: take a newer build, or stay. An answer that nobody waits for any more is dropped. */
export function onBuildsListed(state: DriverState, event: EventOf<'buildsListed'>): Decision<DriverState> {
  const app = state.apps[event.app];
  const followed = app && findFollowed(app, event.image);
  if (app?.target === undefined || followed === undefined) {
    return { state: withoutPoll(state, event), effects: [] };
  }
  const { image } = followed.policy;
  const current = currentBuild(app, followed.policy, event);
  const chosen = choose(app, followed.policy, event, current);
  const build = chosen ?? current ?? { tag: app.target.images[image] ?? '' };
  const heard = withApp(polled(state, followed.key, event), app.name, (known) => hear(known, image, build));
  return {
    state: chosen === undefined ? heard : takeBuild(heard, app.name, image, chosen.tag),
    effects: [],
  };
}

/** The registry failed: the image in force stays. A first sync goes on waiting until its time is over. */
export function onRegistryFailed(state: DriverState, event: EventOf<'registryFailed'>): DriverState {
  const app = state.apps[event.app];
  const followed = app && findFollowed(app, event.image);
  if (followed === undefined) {
    return withoutPoll(state, event);
  }
  const poll = pollFailed(pollOf(state.registry, followed.key), event.at, event.random, event);
  return { ...state, registry: { ...state.registry, [followed.key]: poll } };
}

/** Puts image tags of an application in force. Tags that are in force already change nothing. */
export function withOverride(state: DriverState, name: string, tags: Readonly<Record<string, string>>): DriverState {
  const known = state.overrides[name];
  if (known !== undefined && Object.entries(tags).every(([image, tag]) => known[image] === tag)) {
    return state;
  }
  const overrides = { ...state.overrides, [name]: { ...known, ...tags } };
  return withApp({ ...state, overrides }, name, (app) => {
    if (app.definition === undefined || app.target === undefined) {
      return app;
    }
    const [, secretDigest = ''] = app.target.fingerprint.split('-');
    const target = targetOf(app.definition, app.target.revision, overrides, secretDigest);
    return { ...without(app, 'problem'), target, attempts: 0, retryAt: 0, heal: { attempts: 0, lastAt: 0 } };
  });
}

function findFollowed(app: AppState, image: string): FollowedImage | undefined {
  return followedBy(app).find(({ policy }) => policy.image === image);
}

function withoutPoll(
  state: DriverState,
  { app, image }: { readonly app: string; readonly image: string },
): DriverState {
  const key = pollKey(app, image);
  return state.registry[key] === undefined ? state : { ...state, registry: without(state.registry, key) };
}

function polled(state: DriverState, key: string, event: EventOf<'buildsListed'>): DriverState {
  const before = pollOf(state.registry, key);
  const answered = pollSucceeded(before, event.at, state.settings.registryIntervalMs, event.random);
  const poll = event.problem === undefined ? answered : { ...answered, problem: event.problem };
  return { ...state, registry: { ...state.registry, [key]: poll } };
}

/** The newest build, if it is to be taken. The event was asked for under a policy that may have changed meanwhile, so its tags are judged again. */
function choose(
  app: AppState,
  policy: ImagePolicy,
  { builds, image }: EventOf<'buildsListed'>,
  current: SelectedBuild | undefined,
): ImageBuild | undefined {
  const tags = builds.map(({ tag }) => tag);
  const allowed = new Set(allowedTags(tags, policy));
  return selectBuild(
    builds.filter(({ tag }) => allowed.has(tag)),
    current,
    app.badImages.filter((bad) => bad.image === image),
  );
}

/** Notes what the registry said. */
function hear(app: AppState, image: string, build: SelectedBuild): AppState {
  const known = app.selected[image];
  const isNews = known?.tag !== build.tag || known.digest !== build.digest || known.createdAt !== build.createdAt;
  return stopWaiting(isNews ? { ...app, selected: { ...app.selected, [image]: build } } : app);
}

/** A newer build takes the place of a rollback that has not begun. */
function takeBuild(state: DriverState, name: string, image: string, tag: string): DriverState {
  const forward = withApp(state, name, (app) => (app.rollingBack === undefined ? app : without(app, 'rollingBack')));
  return withOverride(forward, name, { [image]: tag });
}

/**
 * The build in force, with its creation time where that is known. A tag that was pushed again with an older build keeps its time: what runs is not
 * newer than before.
 */
function currentBuild(app: AppState, policy: ImagePolicy, event: EventOf<'buildsListed'>): SelectedBuild | undefined {
  const tag = app.target?.images[event.image];
  if (tag === undefined || allowedTags([tag], policy).length === 0) {
    return tag === undefined ? undefined : { tag };
  }
  const listed = event.builds.find((build) => build.tag === tag);
  const known = app.selected[event.image];
  if (known?.tag !== tag || known.createdAt === undefined) {
    return listed ?? { tag };
  }
  return listed === undefined ? known : { ...listed, createdAt: Math.max(known.createdAt, listed.createdAt ?? 0) };
}

function stopWaiting(app: AppState): AppState {
  const waitsForMore = app.definition?.images.some(({ image }) => app.selected[image] === undefined) ?? false;
  return waitsForMore || app.awaitsImagesUntil === undefined ? app : without(app, 'awaitsImagesUntil');
}
