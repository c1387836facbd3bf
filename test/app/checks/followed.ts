import { newestBuild, type ImagePolicy, type NewestBuildOptions } from '../../../src/app/image-policy.js';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import { app, running } from './revision.js';

export const IMAGE = 'ghcr.io/acme/web';

/** An application that runs an image by this reference, and follows `ghcr.io/acme/web`. */
export function following(reference: string, options: NewestBuildOptions = {}): DesiredApp {
  return withPolicy(reference, newestBuild(IMAGE, options));
}

/** An application that runs an image by this reference, and has a policy. */
export function withPolicy(reference: string, policy: ImagePolicy): DesiredApp {
  return app('a', [running('web', { image: reference })], { images: [policy] });
}
