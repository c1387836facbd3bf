// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockedPackage
 * @typedef {'all' | 'production'} Extent which dependencies are wanted: `production` leaves those for development out
 */

/**
 * The hash of the lock file's bytes.
 * @param {string} root the repository
 */
export function lockHashOf(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * Whether node_modules holds what the lock file says. A stamp answers at once; without one, npm's own record is compared and the stamp is written,
 * so that an `npm ci` by hand counts.
 * @param {string} root
 * @param {string} lockHash from {@link lockHashOf}
 * @param {Extent} extent
 */
export function isInstalled(root, lockHash, extent) {
  const stamp = readText(stampPath(root));
  if (stamp === `${lockHash} all` || (extent === 'production' && stamp === `${lockHash} production`)) {
    return true;
  }
  const installed = readText(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) {
    return false;
  }
  const locked = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (missingPackages(JSON.parse(locked).packages, JSON.parse(installed).packages, extent).length > 0) {
    return false;
  }
  markInstalled(root, lockHash, extent);
  return true;
}

/**
 * Remembers that node_modules is that of the lock file. A folder that cannot be written is left without: the answer is then found the long way each time.
 * @param {string} root
 * @param {string} lockHash
 * @param {Extent} extent
 */
export function markInstalled(root, lockHash, extent) {
  try {
    writeFileSync(stampPath(root), `${lockHash} ${extent}`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && ['EROFS', 'EACCES'].includes(String(error.code)))) {
      throw error;
    }
  }
}

/**
 * The packages of the lock file that are not installed in their version. Optional ones are those of other platforms, mostly, and are not asked for.
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 * @param {Extent} extent
 */
export function missingPackages(locked, installed, extent) {
  return Object.entries(locked)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !entry.peer && !entry.link)
    .filter(([, entry]) => extent === 'all' || !entry.dev)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path);
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules/.prodesk-lock');
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
