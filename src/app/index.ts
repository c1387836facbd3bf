export { type AppContext, type AppDefinition, type AppProps, defineApp } from './define-app.js';
export { type ImagePolicy, newestBuild, type NewestBuildOptions } from './image-policy.js';
export type { Json, Manifest } from './manifest.js';
export type { SyncPolicy, SyncPolicyProps } from './sync-policy.js';
