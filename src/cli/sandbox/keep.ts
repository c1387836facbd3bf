import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StalledError } from '../../base/errors.js';
import { lastLines } from '../../sandbox/component.js';
import { writePluginShims } from '../../sandbox/language-host/plugin-shims.js';
import { startSandbox } from '../../sandbox/sandbox.js';
import { ensureProgram } from '../../sandbox/toolchain.js';
import { waitUntil } from '../../sandbox/wait-until.js';
import { EXIT } from '../exit-codes.js';
import { note } from '../output.js';
import { findRecord, removeRecord, writeRecord, type SandboxRecord } from './record.js';

/** How long a start may take when every program has to be built first. */
const START_TIMEOUT_MS = 3_600_000;

/**
 * Starts a sandbox and keeps it until SIGINT or SIGTERM, then ends the process.
 * @throws StalledError `sandbox/failed` when one of the sandbox's processes ends by itself
 */
export async function keepSandbox(directory: string): Promise<void> {
  let onSignal = (): void => process.exit(EXIT.interrupted);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => onSignal());
  }
  const pulumi = await ensureProgram('pulumi', note);
  const sandbox = await startSandbox({ directory, log: note });
  const asked = new Promise<undefined>((resolve) => (onSignal = () => resolve(undefined)));
  const bin = join(directory, 'bin');
  await writePluginShims(bin);
  await writeRecord(directory, {
    components: sandbox.components,
    env: { ...sandbox.env, PRODESK_PULUMI_PROGRAM: pulumi },
    path: { first: dirname(pulumi), last: bin },
    ...(sandbox.registry && { registry: sandbox.registry.endpoint }),
  });
  note('the sandbox is ready');
  const problem = await Promise.race([asked, sandbox.broken]);
  await removeRecord(directory);
  await sandbox.stop();
  if (problem !== undefined) {
    throw new StalledError('sandbox/failed', `${problem}; see ${join(directory, 'logs')}`);
  }
  process.exit(EXIT.ok);
}

/**
 * Starts a sandbox in a process of its own that stays when this one ends, and waits until it is ready.
 * What that process says on the way is passed on.
 * @throws StalledError `sandbox/failed` with the end of its log when it does not start
 */
export async function startKeeper(directory: string): Promise<SandboxRecord> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const logFile = join(directory, 'sandbox.log');
  const log = await open(logFile, 'w', 0o600);
  const entry = process.argv[1] ?? '';
  const child = spawn(process.execPath, [entry, 'sandbox', 'up', '--foreground', '--directory', directory], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const interrupt = (): void => {
    child.kill('SIGTERM');
    process.exit(EXIT.interrupted);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const follow = followLines(logFile);
  try {
    return await waitUntil(
      async () => {
        await follow();
        return findRecord(directory);
      },
      { what: 'the sandbox', timeoutMs: START_TIMEOUT_MS, intervalMs: 100, signal: ended.signal },
    );
  } catch (thrown) {
    child.kill('SIGTERM');
    const said = lastLines(await readFile(logFile, 'utf8'));
    throw new StalledError('sandbox/failed', `the sandbox did not start:\n${said}`, { cause: thrown });
  } finally {
    child.unref();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Gives a function that passes on the lines that came to a file since its last call. */
function followLines(path: string): () => Promise<void> {
  let told = 0;
  return async () => {
    const text = await readFile(path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end > told) {
      note(text.slice(told, end - 1));
      told = end;
    }
  };
}
