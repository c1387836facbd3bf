export type { Build, BuildOrder } from './image-policies/build-order.js';
export { alphabetical, type AlphabeticalOptions } from './image-policies/alphabetical.js';
export { digest, type DigestOptions } from './image-policies/digest.js';
export { isPem } from './image-policies/followed-image.js';
export { newestBuild, type NewestBuildOptions } from './image-policies/newest-build.js';
export { orderOf, versionOf } from './image-policies/order.js';
export { type ImagePolicy, platformsOf, type PullSecret, type Verify } from './image-policies/policy.js';
export { semver, type SemverOptions } from './image-policies/semver.js';
