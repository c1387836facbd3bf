import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StalledError } from '../base/errors.js';
import { tryLock, type LockOptions, type ProcessLock } from './process-lock.js';

/** Says that a folder is a sandbox's, so that its old contents may be removed. */
const MARK = '.prodesk-sandbox';

/** What a sandbox writes. A registry forgets its tags when it ends, so nothing of an earlier sandbox would fit a new one. */
const CONTENTS = ['pki', 'etcd', 'logs', 'registry', 'git', 'backend', 'driver', 'kubeconfig', 'passphrase'];

/**
 * Takes a folder for one sandbox and empties it of what an earlier one left.
 * @throws StalledError `sandbox/failed` when a living process has a sandbox there, or when the folder holds files of the same names that are not a sandbox's
 */
export async function claimDirectory(directory: string, options: LockOptions = {}): Promise<ProcessLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const attempt = await tryLock(join(directory, '.lock'), options);
  if (attempt.kind === 'busy') {
    const { pid } = attempt.owner;
    throw new StalledError(
      'sandbox/failed',
      `process ${pid} has a sandbox in ${directory}; stop it, or choose another folder`,
    );
  }
  try {
    await emptyOwn(directory);
    return attempt.lock;
  } catch (error) {
    await attempt.lock.release();
    throw error;
  }
}

async function emptyOwn(directory: string): Promise<void> {
  const found: string[] = [];
  for (const name of CONTENTS) {
    if (await isThere(join(directory, name))) {
      found.push(name);
    }
  }
  if (found.length > 0 && !(await isThere(join(directory, MARK)))) {
    throw new StalledError(
      'sandbox/failed',
      `${directory} holds ${found.join(', ')}, which no sandbox wrote; choose an empty folder`,
    );
  }
  await writeFile(join(directory, MARK), '');
  for (const name of found) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
