import { access, constants, statfs } from 'node:fs/promises';
import type { Clock } from '../base/clock.js';
import { diskErrorOf } from '../base/disk-error.js';
import { TransientError, type ProdeskError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import type { Problem } from './core/state.js';

/** What an update writes at most, several times over: Pulumi keeps its state, the one before and a copy. */
const NEEDED_BYTES = 32 * 1024 * 1024;
const INTERVAL_MS = 30_000;

/** What is wrong with the disks that the daemon writes to. */
export interface DiskStatus {
  readonly problem?: Problem;
}

/** Watches the disks that the daemon writes to. */
export interface DiskWatch {
  /** What the last look found. */
  status(): DiskStatus;
  /**
   * Looks now.
   * @throws TransientError `disk/full` or `disk/read-only`, when an update could not be written down
   */
  require(): Promise<void>;
  stop(): void;
}

/** What {@link createDiskWatch} needs. */
export interface DiskWatchOptions {
  /** Folders that are written to. */
  readonly directories: readonly string[];
  /** How much must be free, in bytes. @default 32 MiB */
  readonly neededBytes?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks before each update and every half minute, and logs when a disk gets into trouble, and out of it. */
export function createDiskWatch(options: DiskWatchOptions): DiskWatch {
  const { directories, neededBytes = NEEDED_BYTES, clock, logger } = options;
  let status: DiskStatus = {};
  let cancel: () => void = () => undefined;

  const look = async (): Promise<ProdeskError | undefined> => {
    const errors = await Promise.all(directories.map((directory) => troubleOf(directory, neededBytes)));
    const error = errors.find((one) => one !== undefined);
    if (error !== undefined && status.problem?.code !== error.code) {
      logger.error('a disk cannot be written to; nothing is synced until it can', { reason: error.message });
    } else if (error === undefined && status.problem !== undefined) {
      logger.info('the disks can be written to again');
    }
    status = error === undefined ? {} : { problem: { code: error.code, message: error.message } };
    return error;
  };
  const lookLater = (): void => {
    cancel = clock.after(INTERVAL_MS, () => void look().finally(lookLater));
  };
  lookLater();
  return {
    status: () => status,
    async require() {
      const error = await look();
      if (error !== undefined) {
        throw error;
      }
    },
    stop: () => cancel(),
  };
}

/** Why a folder cannot take what an update writes; undefined when it can. */
async function troubleOf(directory: string, neededBytes: number): Promise<ProdeskError | undefined> {
  try {
    await access(directory, constants.W_OK);
  } catch (error) {
    /** Other reasons show when something is written, with the file that it was. */
    return diskErrorOf(error, `write to ${directory}`);
  }
  const found = await statfs(directory).catch(() => undefined);
  if (found === undefined) {
    return undefined;
  }
  const { bavail, bsize, ffree, files } = found;
  const freeBytes = bavail * bsize;
  const hasNoInode = files > 0 && ffree === 0;
  if (freeBytes >= neededBytes && !hasNoInode) {
    return undefined;
  }
  const what = hasNoInode
    ? 'no more files fit'
    : `${mebibytes(freeBytes)} are free and ${mebibytes(neededBytes)} needed`;
  return new TransientError(
    'disk/full',
    `the disk of ${directory} is full: ${what}; free some space or enlarge it, and syncing goes on by itself`,
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
