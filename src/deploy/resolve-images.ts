import type { DeployApp, StackDeployment } from '../app/deployment.js';
import type { DesiredApp, DesiredState, ImageOverrides } from '../app/desired-state.js';
import { fingerprintOf } from '../app/fingerprint.js';
import { parseImage } from '../app/image.js';
import { imagesIn, withImageTags } from '../app/images-in-objects.js';

/** Where image tags come from. The first that knows one wins; after both comes the tag in the code. */
export interface ImageSources {
  /** `prodesk:images` of the stack configuration at hand. */
  readonly config: ImageOverrides;
  /** The `images` output of the stack's last update. */
  readonly last: ImageOverrides;
}

type Tags = Readonly<Record<string, string>>;

/** The tags that replace those in an application's code. Only an image with a policy has one: others are pinned by the code alone. */
export function overriddenTags(app: DesiredApp, { config, last }: ImageSources): Tags {
  return Object.fromEntries(
    app.images.flatMap(({ image }) => {
      const tag = config[app.name]?.[image] ?? last[app.name]?.[image];
      return tag === undefined ? [] : [[image, tag]];
    }),
  );
}

/** The tags in force of the images that an application follows. */
export function followedTags(app: DesiredApp, deployed: DeployApp): Tags {
  const references = imagesIn(deployed.objects).map(parseImage);
  return Object.fromEntries(
    app.images.flatMap(({ image }) => {
      const tag = references.find(({ name }) => name === image)?.tag;
      return tag === undefined ? [] : [[image, tag]];
    }),
  );
}

/** All applications of a desired state with their final image tags, and what the stack exports about them. */
export function resolveImages(desired: DesiredState, sources: ImageSources): StackDeployment {
  const pairs = Object.values(desired.apps)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((app) => ({ app, deployed: deployApp(app, overriddenTags(app, sources)) }));
  const images = pairs.map(({ app, deployed }) => [app.name, followedTags(app, deployed)] as const);
  return {
    apps: pairs.map(({ deployed }) => deployed),
    images: Object.fromEntries(images.filter(([, tags]) => Object.keys(tags).length > 0)),
    fingerprints: Object.fromEntries(pairs.map(({ deployed }) => [deployed.name, fingerprintOf(deployed.objects)])),
  };
}

function deployApp({ name, namespace, sync, objects }: DesiredApp, tags: Tags): DeployApp {
  return { name, namespace, createNamespace: sync.createNamespace, objects: withImageTags(objects, tags) };
}
