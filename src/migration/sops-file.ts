import type { Manifest } from '../app/manifest.js';

/** Whether SOPS encrypted the object's values: it left its own key beside them. */
export function isEncrypted(manifest: Manifest): boolean {
  return manifest.kind === 'Secret' && typeof manifest.sops === 'object' && manifest.sops !== null;
}

/** The encrypted Secret with a stand-in as each value, and without what SOPS added: nobody knows the values before deployment. */
export function withStandIns(manifest: Manifest): Manifest {
  const { sops: _, data, stringData, ...rest } = manifest;
  const keys = [...Object.keys(data ?? {}), ...Object.keys(stringData ?? {})];
  return { ...rest, stringData: Object.fromEntries(keys.map((key) => [key, `encrypted value of ${key}`])) };
}
