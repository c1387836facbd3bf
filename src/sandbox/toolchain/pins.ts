import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BugError } from '../../base/errors.js';
import type { Program } from './programs.js';

/** What is pinned for a program. */
export interface Pin {
  /** The folder with its `go.mod` and `go.sum`. */
  readonly directory: string;
  /** Such as `v1.36.3`. */
  readonly version: string;
  /** The lowest Go release that builds it, such as `1.26.0`. */
  readonly goVersion: string;
  /** Changes with anything that could change the program. */
  readonly key: string;
}

/** Reads the pins of a program from the folder beside this file. */
export async function readPin(program: Program, platform: string): Promise<Pin> {
  const directory = fileURLToPath(new URL(`./${program.group}`, import.meta.url));
  const [mod, sum] = await Promise.all([
    readFile(`${directory}/go.mod`, 'utf8'),
    readFile(`${directory}/go.sum`, 'utf8'),
  ]);
  const { version, goVersion } = parseGoMod(mod, program.module);
  const hash = createHash('sha256');
  for (const part of [mod, sum, platform, program.ldflags(version)]) {
    hash.update(part).update('\0');
  }
  return { directory, version, goVersion, key: `${program.group}-${hash.digest('hex').slice(0, 16)}` };
}

/**
 * The version that a `go.mod` requires of a module, and of Go itself.
 * @throws BugError when it does not say
 */
export function parseGoMod(text: string, module: string): { version: string; goVersion: string } {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const required = lines.find((words) => words.find((word) => word !== 'require') === module);
  const version = required?.find((word) => /^v\d/.test(word));
  const goVersion = lines.find((words) => words[0] === 'go')?.[1];
  if (version === undefined || goVersion === undefined) {
    throw new BugError('bug/unreachable', `go.mod does not pin ${module}`);
  }
  return { version: version.replace('+incompatible', ''), goVersion };
}

/** Whether a Go release such as `go1.26.8` is at least `1.26.0`. */
export function isGoAtLeast(release: string, least: string): boolean {
  const parts = (text: string): number[] =>
    text
      .replace(/^go/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [parts(release), parts(least)];
  for (const index of [0, 1, 2]) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}
