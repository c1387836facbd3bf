import { identifyProcess } from '../../src/sandbox/process-identity.js';
import { runCommand } from '../../src/sandbox/run-command.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';

/** The command lines of living processes that contain a text. */
export async function findProcesses(text: string): Promise<string[]> {
  const list = await runCommand('ps', ['-eo', 'pid=,stat=,args=']);
  return list.split('\n').filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line));
}

/** Waits until none of the processes lives. */
export async function waitUntilGone(pids: readonly number[]): Promise<void> {
  await waitUntil(
    async () => (await Promise.all(pids.map((pid) => identifyProcess(pid)))).every((started) => started === undefined),
    { what: `the end of processes ${pids.join(', ')}`, timeoutMs: 30_000 },
  );
}

/** Waits until no process has a text in its command line. */
export async function waitUntilNoneHas(text: string): Promise<void> {
  await waitUntil(async () => (await findProcesses(text)).length === 0, {
    what: `the end of all processes with ${text}`,
    timeoutMs: 30_000,
  });
}
