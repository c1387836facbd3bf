import type { ImagePolicy } from '../../app/image-policy.js';
import { isPem, orderOf, platformsOf } from '../../app/image-policy.js';
import { ConfigError } from '../../base/errors.js';
import type { Workspace } from '../../engine/port.js';
import type { ImageBuild } from '../../sources/registry/port.js';
import type { FoundBuilds } from '../core/events.js';
import type { Problem } from '../core/state.js';
import type { ImageRepository } from './image-repository.js';
import { failureOf } from './problem.js';

/** What a repository has for one policy. */
export interface Found extends Omit<FoundBuilds, 'app' | 'policy'> {
  /** Why the repository cannot be read. */
  readonly denied?: string;
}

/** A policy that looks at signatures. */
type Verifying = ImagePolicy & { readonly verify: NonNullable<ImagePolicy['verify']> };

/** How many tags without a usable image a policy passes over before it gives up. */
const MAX_PASSED_OVER = 20;
/** How many builds without a good signature. */
const MAX_REFUSED = 10;

/** Finds the builds that a policy may take. It is enough to look at the best ones, where they can be told from their tags. */
export async function findBuilds(
  repository: ImageRepository,
  { workspace }: { readonly workspace: Pick<Workspace, 'settings'> },
  policy: ImagePolicy,
): Promise<Found> {
  const listed = policy.strategy === 'digest' ? [policy.tag] : await tagsOf(repository, policy);
  if ('denied' in listed) {
    return listed;
  }
  const order = orderOf(policy);
  const described: ImageBuild[] = [];
  if (order.by === 'build') {
    const accepted = listed.filter((tag) => order.accepts(tag));
    const builds = await Promise.all(accepted.map((tag) => repository.build(policy, tag)));
    described.push(...builds.filter((build) => build !== undefined));
  }
  const candidates =
    order.by === 'build' ? order.sort(described) : inTagOrder(repository, policy, order.sort(listed.map(toTag)));
  const found = isVerifying(policy)
    ? await takeSigned(repository, workspace, policy, candidates)
    : { builds: order.by === 'build' ? described : await firstOf(candidates) };
  const isEmpty = found.builds.length === 0 && !('problem' in found);
  return {
    ...found,
    ...(isVerifying(policy) && described.length > 0 ? { others: described } : {}),
    ...(isEmpty ? { problem: nothingFits(policy) } : {}),
  };
}

async function tagsOf(
  repository: ImageRepository,
  { image }: ImagePolicy,
): Promise<readonly string[] | { readonly builds: readonly []; readonly denied: string }> {
  const list = await repository.tags(image);
  switch (list.kind) {
    case 'found':
      return list.tags;
    case 'absent':
      return { builds: [], denied: `there is no repository ${image}` };
    case 'denied':
      return { builds: [], denied: list.message };
  }
}

/** The builds behind tags, the best first, each asked for only when it is needed. */
async function* inTagOrder(
  repository: ImageRepository,
  policy: ImagePolicy,
  tags: readonly { readonly tag: string }[],
): AsyncGenerator<ImageBuild> {
  let passedOver = 0;
  for (const { tag } of tags) {
    const build = await repository.build(policy, tag);
    if (build !== undefined) {
      yield build;
    } else if (++passedOver === MAX_PASSED_OVER) {
      return;
    }
  }
}

async function firstOf(builds: AsyncIterable<ImageBuild> | Iterable<ImageBuild>): Promise<ImageBuild[]> {
  for await (const build of builds) {
    return [build];
  }
  return [];
}

/** The best signed build. Better ones without a good signature are passed over, and the best of them is told with its reason. */
async function takeSigned(
  repository: ImageRepository,
  workspace: Pick<Workspace, 'settings'>,
  policy: Verifying,
  candidates: AsyncIterable<ImageBuild> | Iterable<ImageBuild>,
): Promise<Pick<FoundBuilds, 'builds' | 'problem'>> {
  const refused: { readonly tag: string; readonly reason: string }[] = [];
  try {
    const publicKeys = await publicKeysOf(workspace, policy);
    for await (const build of candidates) {
      const verification = await repository.verify(policy.image, build.digest, publicKeys);
      if (verification.kind === 'verified') {
        return { builds: [build], ...refusal(policy, refused) };
      }
      refused.push({ tag: build.tag, reason: verification.reason });
      if (refused.length === MAX_REFUSED) {
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    return { builds: [], problem: failureOf(error, 'config/invalid').problem };
  }
  return { builds: [], ...refusal(policy, refused) };
}

function refusal(
  { image }: ImagePolicy,
  refused: readonly { readonly tag: string; readonly reason: string }[],
): { readonly problem?: Problem } {
  const [best, ...more] = refused;
  if (best === undefined) {
    return {};
  }
  const others = more.length === 0 ? '' : `; ${more.length} older ones were not taken either`;
  return {
    problem: { code: 'image/unverified', message: `${image}:${best.tag} is not taken: ${best.reason}${others}` },
  };
}

async function publicKeysOf(
  workspace: Pick<Workspace, 'settings'>,
  { image, verify: { cosignKey } }: Verifying,
): Promise<string> {
  if (isPem(cosignKey)) {
    return cosignKey;
  }
  const { settings } = await workspace.settings();
  const text = settings[cosignKey];
  if (text === undefined) {
    throw new ConfigError(
      'config/missing',
      `nothing of ${image} is taken: set the public key with: pulumi config set prodesk:${cosignKey} < cosign.pub`,
    );
  }
  return text;
}

function nothingFits(policy: ImagePolicy): Problem {
  const what = policy.strategy === 'digest' ? `no tag "${policy.tag}"` : 'no tag that its policy takes';
  return {
    code: 'image/none',
    message: `${policy.image} has ${what} with an image for ${platformsOf(policy).join(', ')}`,
  };
}

function isVerifying(policy: ImagePolicy): policy is Verifying {
  return policy.verify !== undefined;
}

function toTag(tag: string): { readonly tag: string } {
  return { tag };
}
