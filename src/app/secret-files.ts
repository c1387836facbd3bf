import type { Manifest } from './manifest.js';

/** An application, as far as its encrypted files are concerned. */
export interface AppWithFiles {
  readonly objects: readonly Manifest[];
  /** The files that SOPS encrypted and that the objects refer to, by path in the repository, such as `apps/shop/db.sops.yaml`. */
  readonly encryptedFiles?: Readonly<Record<string, string>>;
}

/** Decrypts what applications keep in files that SOPS encrypted. */
export interface SecretFiles {
  /**
   * The values that an application's objects refer to, by the keys of their markers.
   * @throws StalledError `sops/identity`, `sops/damaged`, `sops/unknown-key`, each naming the file and what to do, and nothing of its content
   */
  valuesOf(app: AppWithFiles): Promise<Readonly<Record<string, string>>>;
}
