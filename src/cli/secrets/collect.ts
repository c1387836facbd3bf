import { join } from 'node:path';
import type { DesiredState } from '../../app/desired-state.js';
import { createSynthesizer } from '../../synth/child-synthesizer.js';
import { parseStackSettings } from '../../synth/stack-settings.js';
import { listSecrets, type SecretRow } from './list.js';
import { isInEncryptedFile, readStackFile, type StackLocation } from './sources.js';

/** The secrets of a working tree, and the applications whose secrets are not known. */
export async function collectSecrets(
  location: StackLocation,
): Promise<{ readonly rows: readonly SecretRow[]; readonly failed: DesiredState['failed'] }> {
  const { directory, stack } = location;
  const cacheDirectory = join(directory, '.prodesk', 'cache');
  const synthesizer = createSynthesizer({ cacheDirectory, allowMissing: 'all' });
  const settings = parseStackSettings(await readStackFile(location), `Pulumi.${stack}.yaml`);
  const state = await synthesizer.synthesize({ directory, revision: 'working-tree', settings });
  return { rows: listSecrets(state, settings, isInEncryptedFile), failed: state.failed };
}
