import type { DesiredState } from '../../app/desired-state.js';
import { readStackSettings, synthesizeWorkingTree, type WorkingTree } from '../working-tree.js';
import { listSecrets, type SecretRow } from './list.js';
import { isInEncryptedFile } from './sources.js';

/** The secrets of a working tree, and the applications whose secrets are not known. */
export async function collectSecrets(
  location: WorkingTree,
): Promise<{ readonly rows: readonly SecretRow[]; readonly failed: DesiredState['failed'] }> {
  const settings = await readStackSettings(location);
  const state = await synthesizeWorkingTree(location.directory, settings, { allowMissing: 'all' });
  return { rows: listSecrets(state, settings, isInEncryptedFile), failed: state.failed };
}
