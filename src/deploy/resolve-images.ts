import { deployAppOf, type StackDeployment } from '../app/deployment.js';
import type { DesiredApp, DesiredState, ImageOverrides } from '../app/desired-state.js';
import { fingerprintOf } from '../app/fingerprint.js';
import { followedVersions, objectsWith, overridesOf } from '../app/image-overrides.js';

/** Where image versions come from. The first that knows one wins; after both comes what the code says. */
export interface ImageSources {
  /** `prodesk:images` of the stack configuration at hand. */
  readonly config: ImageOverrides;
  /** The `images` output of the stack's last update. */
  readonly last: ImageOverrides;
}

/** The versions that replace those in an application's code. */
export function overriddenVersions(app: DesiredApp, { config, last }: ImageSources): Readonly<Record<string, string>> {
  return { ...overridesOf(app, last), ...overridesOf(app, config) };
}

/** All applications of a desired state with their final image versions, and what the stack exports about them. */
export function resolveImages(desired: DesiredState, sources: ImageSources): StackDeployment {
  const pairs = Object.values(desired.apps)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((app) => ({
      app,
      deployed: deployAppOf(app, objectsWith(app, overriddenVersions(app, sources))),
    }));
  const images = pairs.map(({ app, deployed }) => [app.name, followedVersions(app, deployed.objects)] as const);
  return {
    apps: pairs.map(({ deployed }) => deployed),
    images: Object.fromEntries(images.filter(([, tags]) => Object.keys(tags).length > 0)),
    fingerprints: Object.fromEntries(pairs.map(({ deployed }) => [deployed.name, fingerprintOf(deployed.objects)])),
  };
}
