import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StalledError } from '../base/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The age identities of this process: SOPS_AGE_KEY, the file of SOPS_AGE_KEY_FILE, and the file that the `sops` command uses by itself. */
export interface Identities {
  readonly keys: readonly string[];
  /** Where they were looked for, for people. */
  readonly places: readonly string[];
}

/**
 * Reads the identities anew, so that one that is added counts without a restart.
 * @throws StalledError `sops/identity` when SOPS_AGE_KEY_FILE names a file that cannot be read
 */
export async function loadIdentities(env: Environment): Promise<Identities> {
  const { SOPS_AGE_KEY: inline, SOPS_AGE_KEY_FILE: file } = env;
  const standard = standardFile(env);
  const texts = [
    inline ?? '',
    file === undefined ? '' : await readNamed(file),
    standard === file ? '' : await readIfThere(standard),
  ];
  return { keys: texts.flatMap(keysIn), places: ['SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', standard] };
}

function keysIn(text: string): string[] {
  return text
    .split(/\s*\n\s*/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function standardFile(env: Environment): string {
  const home = env['HOME'] ?? homedir();
  const isMac = process.platform === 'darwin';
  const folder =
    env['XDG_CONFIG_HOME'] ?? (isMac ? join(home, 'Library', 'Application Support') : join(home, '.config'));
  return join(folder, 'sops', 'age', 'keys.txt');
}

async function readNamed(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StalledError('sops/identity', `SOPS_AGE_KEY_FILE names a file that cannot be read: ${file}`, { cause });
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) {
      return '';
    }
    throw error;
  }
}
