import * as pulumi from '@pulumi/pulumi';
import type { ImageOverrides, StackSettings } from '../app/desired-state.js';

/** The prefix of this project's stack-config keys: `prodesk:domain`. */
export const CONFIG_NAMESPACE = 'prodesk';

const PREFIX = `${CONFIG_NAMESPACE}:`;
const IMAGES = 'images';

/** What a program may know of its stack's configuration. */
export interface StackConfig {
  readonly settings: StackSettings;
  /** `prodesk:images`. */
  readonly images: ImageOverrides;
}

/**
 * The configuration of the stack that runs: plain values, names of secret ones, image overrides.
 * @param secretKeys the JSON list in `PULUMI_CONFIG_SECRET_KEYS`, by which the language host says which values are secret; the SDK has no call for it
 * @throws pulumi.RunError when `prodesk:images` does not look like image overrides
 */
export function readStackConfig(secretKeys: string | undefined): StackConfig {
  const secrets = new Set(JSON.parse(secretKeys ?? '[]') as string[]);
  const own = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => ({ key: key.slice(PREFIX.length), value, isSecret: secrets.has(key) }));
  const plain = own.filter(({ key, isSecret }) => !isSecret && key !== IMAGES);
  return {
    settings: {
      settings: Object.fromEntries(plain.map(({ key, value }) => [key, value])),
      secretKeys: own.filter(({ isSecret }) => isSecret).map(({ key }) => key),
    },
    images: imageOverridesOf(
      new pulumi.Config(CONFIG_NAMESPACE).getObject<unknown>(IMAGES),
      `stack config ${PREFIX}${IMAGES}`,
    ),
  };
}

/**
 * The `images` output of this stack's last update, read through a reference of the stack to itself; empty for a new stack.
 * @throws pulumi.RunError when the output does not look like image overrides
 */
export async function lastImages(): Promise<ImageOverrides> {
  const self = new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`);
  const details: { readonly value?: unknown } = await self.getOutputDetails(IMAGES);
  return imageOverridesOf(details.value, `stack output ${IMAGES}`);
}

/**
 * Checks that a value has the form `{application: {image: tag}}`; nothing at all is no override.
 * @throws pulumi.RunError naming the source and the key
 */
export function imageOverridesOf(value: unknown, source: string): ImageOverrides {
  if (value === undefined || value === null) {
    return {};
  }
  for (const [app, tags] of entriesOf(value, source)) {
    for (const [image, tag] of entriesOf(tags, `${source}: ${app}`)) {
      if (typeof tag !== 'string') {
        throw new pulumi.RunError(`${source}: ${app}: the tag of ${image} must be a text; write it in quotes`);
      }
    }
  }
  return value as ImageOverrides;
}

function entriesOf(value: unknown, source: string): [string, unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new pulumi.RunError(`${source} must be a map, such as {"my-app": {"ghcr.io/me/my-app": "master-0a1b2c3"}}`);
  }
  return Object.entries(value);
}
