import type { ImagePolicy } from '../../app/image-policy.js';
import type { ImageBuild, Registry } from '../../sources/registry/port.js';
import type { EventBody } from '../core/events.js';
import { allowedTags } from '../core/select-tag.js';
import { failureOf } from './problem.js';

/** Asks the registry for the builds of an image that its policy allows. */
export async function listBuilds(
  registry: Registry,
  app: string,
  policy: ImagePolicy,
  signal: AbortSignal,
): Promise<EventBody> {
  const { image, platform } = policy;
  try {
    const list = await registry.listTags(image, signal);
    if (list.kind !== 'found') {
      const message = list.kind === 'denied' ? list.message : `there is no repository ${image}`;
      return { type: 'buildsListed', app, image, builds: [], problem: { code: 'registry/denied', message } };
    }
    const described = await Promise.all(
      allowedTags(list.tags, policy).map((tag) => registry.describe(image, tag, platform, signal)),
    );
    return {
      type: 'buildsListed',
      app,
      image,
      builds: described.filter((build): build is ImageBuild => build !== undefined),
    };
  } catch (error) {
    return { type: 'registryFailed', app, image, ...failureOf(error, 'registry/unavailable') };
  }
}
