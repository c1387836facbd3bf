import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StalledError } from '../../base/errors.js';
import { identifyProcess } from '../../sandbox/process-identity.js';
import { hasCode } from '../../sandbox/process-lock.js';
import type { ComponentInfo } from '../../sandbox/sandbox.js';
import { formatJson } from '../output.js';

/** What `sandbox.json` in the sandbox's folder says. It is there while the sandbox is ready. */
export interface SandboxRecord {
  /** The process that keeps the sandbox. */
  readonly pid: number;
  /** When that process started: an id alone is used again. */
  readonly started: string;
  readonly components: readonly ComponentInfo[];
  readonly env: Readonly<Record<string, string>>;
  /** Folders for `PATH`: the pulumi command, and stand-ins for plugins that are not installed. */
  readonly path: { readonly first: string; readonly last: string };
  readonly registry?: string;
}

/** The record of a running sandbox; undefined where none runs. */
export async function findRecord(directory: string): Promise<SandboxRecord | undefined> {
  const text = await readFile(fileIn(directory), 'utf8').catch((thrown: unknown) => {
    if (hasCode(thrown, 'ENOENT') || hasCode(thrown, 'ENOTDIR')) {
      return undefined;
    }
    throw thrown;
  });
  const record = text === undefined ? undefined : (JSON.parse(text) as SandboxRecord);
  return record !== undefined && (await isRunning(record)) ? record : undefined;
}

/**
 * The record of a running sandbox.
 * @throws StalledError `sandbox/failed` where none runs
 */
export async function requireRecord(directory: string): Promise<SandboxRecord> {
  const record = await findRecord(directory);
  if (record === undefined) {
    throw new StalledError('sandbox/failed', `no sandbox runs in ${directory}; start it with: prodesk sandbox up`);
  }
  return record;
}

/** Whether the process that keeps a sandbox lives. */
export async function isRunning({ pid, started }: SandboxRecord): Promise<boolean> {
  return (await identifyProcess(pid)) === started;
}

/** Writes the record of a sandbox that this process keeps; nobody ever reads half of it. */
export async function writeRecord(
  directory: string,
  record: Omit<SandboxRecord, 'pid' | 'started'>,
): Promise<SandboxRecord> {
  const whole: SandboxRecord = { pid: process.pid, started: (await identifyProcess(process.pid)) ?? '', ...record };
  const draft = `${fileIn(directory)}.${process.pid}`;
  await writeFile(draft, formatJson(whole), { mode: 0o600 });
  await rename(draft, fileIn(directory));
  return whole;
}

/** Removes the record, as the first step of stopping. */
export async function removeRecord(directory: string): Promise<void> {
  await rm(fileIn(directory), { force: true });
}

function fileIn(directory: string): string {
  return join(directory, 'sandbox.json');
}
