import { readFile, readlink, rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { superviseProcess, type SupervisedProcess } from '../../src/sandbox/supervised-process.js';

/** Stops a part of the sandbox for a while, as a network that swallows everything. */
export async function freeze({ components }: Sandbox, name: string, ms: number): Promise<void> {
  const pid = pidOf(components, name);
  process.kill(pid, 'SIGSTOP');
  await pause(ms);
  process.kill(pid, 'SIGCONT');
}

/** Takes the Git remote away for a while. */
export async function hideRemote(url: string, ms: number): Promise<void> {
  await rename(url, `${url}.away`);
  await pause(ms);
  await rename(`${url}.away`, url);
}

/** A process that can be killed and started anew with the same arguments. */
export interface Restartable {
  /** Kills it, waits, and starts it again. */
  restart(afterMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** A part of the sandbox as one that can be restarted. */
export function restartable({ components, directory }: Sandbox, name: string): Restartable {
  let pid = pidOf(components, name);
  let started: SupervisedProcess | undefined;
  return {
    async restart(afterMs) {
      const [program = '', ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
      const cwd = await readlink(`/proc/${pid}/cwd`);
      const { PATH, HOME } = process.env;
      process.kill(pid, 'SIGKILL');
      await started?.exited;
      await pause(afterMs);
      const logFile = `${directory}/logs/${name}-again.log`;
      started = await superviseProcess({ name, program, args, cwd, env: { PATH, HOME }, logFile });
      pid = started.pid;
    },
    async stop() {
      await started?.stop();
    },
  };
}

function pidOf(components: Sandbox['components'], name: string): number {
  const found = components.find((component) => component.name === name);
  if (found === undefined) {
    throw new RangeError(`the sandbox has no ${name}, but ${components.map((one) => one.name).join(', ')}`);
  }
  return found.pid;
}
