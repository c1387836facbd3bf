import type { DesiredApp } from '../../app/desired-state.js';
import type { ImagePolicy } from '../../app/image-policy.js';
import { platformsOf } from '../../app/image-policy.js';
import type { LoginReference } from './effects.js';
import { pollWanted } from './polls.js';
import type { AppState, DriverState } from './state.js';
import { pollOf } from './state.js';

/** An image that an application follows, and the key of its polls. */
export interface FollowedImage {
  readonly policy: ImagePolicy;
  readonly key: string;
}

/** Keys are made once: they are looked up for each application at each event. */
const FOLLOWED = new WeakMap<DesiredApp, readonly FollowedImage[]>();

/** The key of the polls of an image: applications that follow it on the same platforms with the same login share them. */
export function pollKey(app: Pick<DesiredApp, 'name' | 'namespace'>, policy: ImagePolicy): string {
  const login = loginOf(app, policy);
  return [policy.image, ...platformsOf(policy), ...(login === undefined ? [] : [describeLogin(login)])].join(' ');
}

/** Where the login is that an application follows an image with; undefined where it names none. */
export function loginOf(
  { name, namespace }: Pick<DesiredApp, 'name' | 'namespace'>,
  { pullSecret }: ImagePolicy,
): LoginReference | undefined {
  if (pullSecret === undefined) {
    return undefined;
  }
  if (typeof pullSecret === 'string') {
    return { kind: 'secret', namespace, name: pullSecret, isForeign: false };
  }
  return 'config' in pullSecret
    ? { kind: 'config', key: `${name}.${pullSecret.config}` }
    : { kind: 'secret', ...pullSecret, isForeign: pullSecret.namespace !== namespace };
}

function describeLogin(login: LoginReference): string {
  return login.kind === 'config'
    ? `login ${login.key}`
    : `login ${login.namespace}/${login.name}${login.isForeign ? ' of another namespace' : ''}`;
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
  const followed = definition.images.map((policy) => ({ policy, key: pollKey(definition, policy) }));
  FOLLOWED.set(definition, followed);
  return followed;
}

/** Whether two policies say the same. */
export function isSamePolicy(a: ImagePolicy, b: ImagePolicy): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The polls of the images that applications follow. Who begins to follow an image, or follows it in another way, has it asked at once. What is
 * no longer followed is forgotten, once its answer is there.
 */
export function pollsFor(
  state: DriverState,
  apps: Readonly<Record<string, AppState>>,
  at: number,
): DriverState['registry'] {
  const polls = Object.fromEntries(Object.entries(state.registry).filter(([, poll]) => poll.inFlight));
  for (const app of Object.values(apps)) {
    const before = state.apps[app.name];
    for (const { key, policy } of followedBy(app)) {
      const poll = polls[key] ?? pollOf(state.registry, key);
      const isKnown =
        before !== undefined &&
        followedBy(before).some((known) => known.key === key && isSamePolicy(known.policy, policy));
      polls[key] = isKnown ? poll : pollWanted(poll, at);
    }
  }
  return polls;
}
