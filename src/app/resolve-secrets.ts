import { StalledError } from '../base/errors.js';
import type { Manifest } from './manifest.js';
import { mapStrings, replaceMarkers } from './secret-marker.js';
import { missingSecret } from './set-secret.js';

/**
 * The object as the API server is to store it: secret markers replaced by values, and a Secret's `stringData` moved into `data` as base64.
 * @param values secret stack-config values by key, without the `prodesk:` prefix
 * @throws StalledError `config/missing` when a value is not there
 */
export function resolveSecrets(manifest: Manifest, values: Readonly<Record<string, string>>): Manifest {
  const resolved = mapStrings(manifest, (text) =>
    replaceMarkers(text, (key) => {
      const value = Object.hasOwn(values, key) ? values[key] : undefined;
      if (value === undefined) {
        throw new StalledError('config/missing', missingSecret(key));
      }
      return value;
    }),
  );
  return encodeStringData(resolved);
}

function encodeStringData(manifest: Manifest): Manifest {
  if (manifest.apiVersion !== 'v1' || manifest.kind !== 'Secret' || manifest.stringData === undefined) {
    return manifest;
  }
  const { stringData, data, ...rest } = manifest;
  const encoded = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text, 'utf8').toString('base64'),
  ]);
  return { ...rest, data: { ...(data as object | undefined), ...Object.fromEntries(encoded) } };
}
