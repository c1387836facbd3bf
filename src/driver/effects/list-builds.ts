import type { Registry } from '../../sources/registry/port.js';
import type { Effect } from '../core/effects.js';
import type { EventBody } from '../core/events.js';
import { findBuilds } from './find-builds.js';
import { createImageRepository } from './image-repository.js';
import { failureOf } from './problem.js';
import type { LoginSources } from './read-login.js';
import { readLogin } from './read-login.js';

type ListEffect = Extract<Effect, { type: 'listBuilds' }>;

/** Asks the registry for the builds that the followers of an image may take: its tags once, and each build once. */
export async function listBuilds(
  registry: Pick<Registry, 'listTags' | 'describe' | 'verify'>,
  sources: LoginSources,
  { poll, followers, login }: ListEffect,
  signal: AbortSignal,
): Promise<EventBody> {
  try {
    const given = login === undefined ? {} : { login: await readLogin(sources, login, signal) };
    const repository = createImageRepository(registry, { ...given, signal });
    const answers = await Promise.all(
      followers.map(async ({ app, policy }) => ({ app, policy, ...(await findBuilds(repository, sources, policy)) })),
    );
    const found = answers.map(({ denied: _, ...answer }) => answer);
    const reason = answers.find(({ denied }) => denied !== undefined)?.denied;
    return {
      type: 'buildsListed',
      poll,
      found,
      ...(reason === undefined ? {} : { problem: { code: 'registry/denied', message: reason } }),
    };
  } catch (error) {
    return { type: 'registryFailed', poll, ...failureOf(error, 'registry/unavailable') };
  }
}
