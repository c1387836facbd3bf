import type { ImagePolicy } from '../../app/image-policy.js';
import { platformsOf } from '../../app/image-policy.js';
import type { AskOptions, ImageBuild, Registry, TagList, Verification } from '../../sources/registry/port.js';

/** One image's repository during one poll: each question is asked once, whoever asks. */
export interface ImageRepository {
  tags(image: string): Promise<TagList>;
  build(policy: ImagePolicy, tag: string): Promise<ImageBuild | undefined>;
  verify(image: string, digest: string, publicKeys: string): Promise<Verification>;
}

/** Asks a registry with the login of those who poll. */
export function createImageRepository(
  registry: Pick<Registry, 'listTags' | 'describe' | 'verify'>,
  options: AskOptions,
): ImageRepository {
  const builds = new Map<string, Promise<ImageBuild | undefined>>();
  let tags: Promise<TagList> | undefined;
  return {
    tags: (image) => (tags ??= registry.listTags(image, options)),
    build(policy, tag) {
      // Tags count as fixed, but for one that a policy follows because it moves.
      const remembered = policy.strategy !== 'digest';
      const key = `${tag} ${remembered}`;
      const asked =
        builds.get(key) ??
        registry.describe(policy.image, tag, { ...options, platforms: platformsOf(policy), remembered });
      builds.set(key, asked);
      return asked;
    },
    verify: (image, digest, publicKeys) => registry.verify(image, digest, { ...options, publicKeys }),
  };
}
