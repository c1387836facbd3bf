import { messageOf, TransientError } from './errors.js';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * What a failed write means where the disk is at fault, and not what was written; undefined for every other failure.
 * @param doing what could not be done, such as `write /var/lib/prodesk/memory.json`
 */
export function diskErrorOf(thrown: unknown, doing: string): TransientError | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const options = { cause: thrown };
  if (typeof code === 'string' && FULL.has(code)) {
    return new TransientError(
      'disk/full',
      `cannot ${doing}: the disk is full (${messageOf(thrown)}); free some space, and it goes on by itself`,
      options,
    );
  }
  return code === 'EROFS'
    ? new TransientError(
        'disk/read-only',
        `cannot ${doing}: the disk is read-only; mount it for writing, and it goes on by itself`,
        options,
      )
    : undefined;
}

/** Does what writes to a disk, so that a full or read-only one is told as such. */
export async function tellingDiskErrors<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskErrorOf(error, doing) ?? error;
  }
}
