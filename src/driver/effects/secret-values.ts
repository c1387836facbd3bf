import type { DesiredApp, DesiredState, SynthFailure } from '../../app/desired-state.js';
import type { SecretFiles } from '../../app/secret-files.js';
import { ProdeskError } from '../../base/errors.js';

/** A desired state whose encrypted files could be decrypted, and what was in them. */
export interface DecryptedState {
  readonly desired: DesiredState;
  /** Secret values by the keys of their markers. */
  readonly values: Readonly<Record<string, string>>;
}

/** Decrypts the files of every application. One whose files cannot be decrypted fails alone. */
export async function decryptFiles(desired: DesiredState, files: SecretFiles): Promise<DecryptedState> {
  const apps: Record<string, DesiredApp> = {};
  const failed: Record<string, SynthFailure> = { ...desired.failed };
  let values: Readonly<Record<string, string>> = {};
  for (const [name, app] of Object.entries(desired.apps)) {
    try {
      values = { ...values, ...(await files.valuesOf(app)) };
      apps[name] = app;
    } catch (error) {
      if (!(error instanceof ProdeskError)) {
        throw error;
      }
      failed[name] = { message: error.message };
    }
  }
  return { desired: { ...desired, apps, failed }, values };
}
