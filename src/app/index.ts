export type { CheckRule, IgnoredChecks } from './checks/rule.js';
export { type AppContext, type AppDefinition, type AppProps, defineApp } from './define-app.js';
export { environments } from './environments.js';
export {
  alphabetical,
  type AlphabeticalOptions,
  digest,
  type DigestOptions,
  type ImagePolicy,
  newestBuild,
  type NewestBuildOptions,
  type PullSecret,
  semver,
  type SemverOptions,
  type Verify,
} from './image-policy.js';
export type { IgnoreRule } from './ignore-differences.js';
export type { Json, Manifest } from './manifest.js';
export type { OutsideObject } from './outside.js';
export type { SyncPolicy, SyncPolicyProps } from './sync-policy.js';
export type { SyncWindowProps } from './sync-window.js';
