import type { Decision } from './effects.js';
import type { EventOf } from './events.js';
import { pollFailed, pollSucceeded } from './polls.js';
import { allowedTags, selectBuild } from './select-tag.js';
import type { AppState, DriverState, SelectedBuild } from './state.js';
import { pollOf, without, withApp } from './state.js';
import { targetOf } from './target.js';

/** The key under which polls of one application's image are remembered. */
export function pollKey(app: string, image: string): string {
  return `${app} ${image}`;
}

/** The registry answered: take a newer build, or stay. */
export function onBuildsListed(state: DriverState, event: EventOf<'buildsListed'>): Decision<DriverState> {
  const key = pollKey(event.app, event.image);
  const answered = pollSucceeded(
    pollOf(state.registry, key),
    event.at,
    state.settings.registryIntervalMs,
    event.random,
  );
  const poll = event.problem === undefined ? answered : { ...answered, problem: event.problem };
  const polled = { ...state, registry: { ...state.registry, [key]: poll } };
  const app = state.apps[event.app];
  if (app?.definition === undefined || app.target === undefined) {
    return { state: polled, effects: [] };
  }
  const current = currentBuild(app, event);
  const chosen = selectBuild(
    event.builds,
    current,
    app.badImages.filter((bad) => bad.image === event.image),
  );
  const heard = withApp(polled, event.app, (known) => ({
    ...known,
    selected: {
      ...known.selected,
      [event.image]: chosen ?? current ?? { tag: known.target?.images[event.image] ?? '' },
    },
  }));
  const settled = withApp(heard, event.app, stopWaiting);
  return {
    state: chosen === undefined ? settled : withOverride(settled, event.app, { [event.image]: chosen.tag }),
    effects: [],
  };
}

/** The registry failed: the image in force stays. A first sync goes on waiting until its time is over. */
export function onRegistryFailed(state: DriverState, event: EventOf<'registryFailed'>): DriverState {
  const key = pollKey(event.app, event.image);
  const poll = pollFailed(pollOf(state.registry, key), event.at, event.random, event);
  return { ...state, registry: { ...state.registry, [key]: poll } };
}

/** Puts image tags of an application in force. */
export function withOverride(state: DriverState, name: string, tags: Readonly<Record<string, string>>): DriverState {
  const overrides = { ...state.overrides, [name]: { ...state.overrides[name], ...tags } };
  return withApp({ ...state, overrides }, name, (app) => {
    if (app.definition === undefined || app.target === undefined) {
      return app;
    }
    const [, secretDigest = ''] = app.target.fingerprint.split('-');
    const target = targetOf(app.definition, app.target.revision, overrides, secretDigest);
    return { ...without(app, 'problem'), target, attempts: 0, retryAt: 0 };
  });
}

/** The build in force, with its creation time where the registry still has it. */
function currentBuild(app: AppState, event: EventOf<'buildsListed'>): SelectedBuild | undefined {
  const tag = app.target?.images[event.image];
  if (tag === undefined) {
    return undefined;
  }
  const policy = app.definition?.images.find(({ image }) => image === event.image);
  if (policy !== undefined && allowedTags([tag], policy).length === 0) {
    return { tag };
  }
  const known = app.selected[event.image];
  return event.builds.find((build) => build.tag === tag) ?? (known?.tag === tag ? known : { tag });
}

function stopWaiting(app: AppState): AppState {
  const waitsForMore = app.definition?.images.some(({ image }) => app.selected[image] === undefined) ?? false;
  return waitsForMore ? app : without(app, 'awaitsImagesUntil');
}
