import type { Build, ImagePolicy } from '../../../src/app/image-policy.js';
import { orderOf } from '../../../src/app/image-policy.js';

/** The tag that a policy takes of some builds when nothing runs yet. */
export function taken(policy: ImagePolicy, builds: readonly (string | Build)[]): string | undefined {
  return orderOf(policy).sort(builds.map(asBuild))[0]?.tag;
}

/** Whether a policy lets a build take the place of another one. */
export function mayReplace(policy: ImagePolicy, next: string | Build, current: string | Build): boolean {
  return orderOf(policy).replaces(asBuild(next), asBuild(current));
}

/** A build made at a time. */
export function build(tag: string, createdAt?: number, digest = `sha256:${tag}`): Build {
  return { tag, digest, ...(createdAt === undefined ? {} : { createdAt }) };
}

function asBuild(value: string | Build): Build {
  return typeof value === 'string' ? build(value) : value;
}
