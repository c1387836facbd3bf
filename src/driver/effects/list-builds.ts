import type { ImagePolicy } from '../../app/image-policy.js';
import { orderOf, platformsOf } from '../../app/image-policy.js';
import type { AskOptions, DescribeOptions, ImageBuild, Registry, TagList } from '../../sources/registry/port.js';
import type { Effect } from '../core/effects.js';
import type { EventBody, FoundBuilds } from '../core/events.js';
import { failureOf } from './problem.js';
import type { LoginSources } from './read-login.js';
import { readLogin } from './read-login.js';

/** The part of a registry that is asked. */
type BuildSource = Pick<Registry, 'listTags' | 'describe'>;
type ListEffect = Extract<Effect, { type: 'listBuilds' }>;
type Found = { readonly kind: 'found'; readonly builds: readonly ImageBuild[] } | Exclude<TagList, { kind: 'found' }>;

/** How many tags without a usable image a policy passes over before it gives up. */
const MAX_PASSED_OVER = 20;

/** Asks the registry for the builds that the followers of an image may take: its tags once, and each build once. */
export async function listBuilds(
  registry: BuildSource,
  logins: LoginSources,
  { poll, followers, login }: ListEffect,
  signal: AbortSignal,
): Promise<EventBody> {
  try {
    const given = login === undefined ? {} : { login: await readLogin(logins, login, signal) };
    const repository = createRepository(registry, { ...given, signal });
    const answers = await Promise.all(
      followers.map(async ({ app, policy }) => ({ app, policy, ...(await findBuilds(repository, policy)) })),
    );
    const found = answers.map(({ app, policy, ...answer }): FoundBuilds => ({
      app,
      policy,
      builds: answer.kind === 'found' ? answer.builds : [],
    }));
    const missing = answers.find(({ kind }) => kind !== 'found');
    return missing === undefined
      ? { type: 'buildsListed', poll, found }
      : { type: 'buildsListed', poll, found, problem: { code: 'registry/denied', message: reasonOf(missing) } };
  } catch (error) {
    return { type: 'registryFailed', poll, ...failureOf(error, 'registry/unavailable') };
  }
}

/** One image's repository during one poll. */
interface Repository {
  tags(image: string): Promise<TagList>;
  build(policy: ImagePolicy, tag: string): Promise<ImageBuild | undefined>;
}

function createRepository(registry: BuildSource, options: AskOptions): Repository {
  const builds = new Map<string, Promise<ImageBuild | undefined>>();
  let tags: Promise<TagList> | undefined;
  return {
    tags: (image) => (tags ??= registry.listTags(image, options)),
    build(policy, tag) {
      const key = `${tag} ${policy.strategy === 'digest'}`;
      const asked = builds.get(key) ?? registry.describe(policy.image, tag, { ...options, ...optionsOf(policy) });
      builds.set(key, asked);
      return asked;
    },
  };
}

async function findBuilds(repository: Repository, policy: ImagePolicy): Promise<Found> {
  if (policy.strategy === 'digest') {
    const build = await repository.build(policy, policy.tag);
    return { kind: 'found', builds: build === undefined ? [] : [build] };
  }
  const list = await repository.tags(policy.image);
  if (list.kind !== 'found') {
    return list;
  }
  const order = orderOf(policy);
  if (order.by === 'build') {
    const accepted = list.tags.filter((tag) => order.accepts(tag));
    const described = await Promise.all(accepted.map((tag) => repository.build(policy, tag)));
    return { kind: 'found', builds: described.filter((build) => build !== undefined) };
  }
  const candidates = order.sort(list.tags.map((tag) => ({ tag }))).slice(0, MAX_PASSED_OVER);
  for (const { tag } of candidates) {
    const build = await repository.build(policy, tag);
    if (build !== undefined) {
      return { kind: 'found', builds: [build] };
    }
  }
  return { kind: 'found', builds: [] };
}

/** Tags count as fixed, but for one that a policy follows because it moves. */
function optionsOf(policy: ImagePolicy): DescribeOptions {
  return { platforms: platformsOf(policy), remembered: policy.strategy !== 'digest' };
}

function reasonOf(answer: { readonly policy: ImagePolicy } & Found): string {
  return answer.kind === 'denied' ? answer.message : `there is no repository ${answer.policy.image}`;
}
