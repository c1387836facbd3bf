import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DesiredState, StackSettings } from '../app/desired-state.js';
import { ConfigError } from '../base/errors.js';
import { createSynthesizer, type SynthesizerOptions } from '../synth/child-synthesizer.js';
import { parseAllowances } from '../synth/confinement.js';
import { parseStackSettings } from '../synth/stack-settings.js';

/** A clone of the repository, and the stack whose settings count. */
export interface WorkingTree {
  readonly directory: string;
  readonly stack: string;
}

/**
 * The settings of a stack's file; a stack without a file has none.
 * @throws ConfigError `config/invalid`
 */
export async function readStackSettings({ directory, stack }: WorkingTree): Promise<StackSettings> {
  const file = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(directory, file), 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return '';
    }
    throw new ConfigError('config/invalid', `${file} cannot be read in ${directory}`, { cause });
  });
  return parseStackSettings(text, file);
}

/**
 * What a working tree wants with given settings. PRODESK_SYNTH_ALLOW says what its applications may do beside reading it.
 * @throws as {@link Synthesizer.synthesize}
 */
export function synthesizeWorkingTree(
  directory: string,
  settings: StackSettings,
  missing: Pick<SynthesizerOptions, 'allowMissing' | 'neededBy'> = {},
): Promise<DesiredState> {
  const synthesizer = createSynthesizer({
    cacheDirectory: join(directory, '.prodesk', 'cache'),
    ...missing,
    allow: parseAllowances(process.env['PRODESK_SYNTH_ALLOW'] ?? ''),
  });
  return synthesizer.synthesize({ directory, revision: 'working-tree', settings });
}
