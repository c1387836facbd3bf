import { withConfigHashes } from './config-hash.js';
import type { Manifest } from './manifest.js';
import { resolveSecrets } from './resolve-secrets.js';
import { track } from './tracking.js';

/**
 * An application's objects exactly as the engine applies them: with secret values, hashes of configuration and tracking metadata.
 * @param values secret values by key, without the `prodesk:` prefix
 * @throws StalledError as {@link withConfigHashes} and {@link resolveSecrets} do
 */
export function deployedObjects(
  app: string,
  objects: readonly Manifest[],
  values: Readonly<Record<string, string>>,
): readonly Manifest[] {
  return withConfigHashes(objects, values).map((object) => track(resolveSecrets(object, values), app));
}
