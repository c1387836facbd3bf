import { spawn } from 'node:child_process';
import { cpuOfEndedChildren, watchPeak } from '../support/process-tree.js';

/** What a command needed. */
export interface CommandCost {
  readonly ms: number;
  /** Processor time, with all its children. */
  readonly cpuMs: number;
  /** Peak resident memory of its process tree. */
  readonly peakMiB: number;
  readonly stdout: string;
}

/**
 * Runs a command and measures it.
 * @throws Error with its output when it fails
 */
export async function runMeasured(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<CommandCost> {
  const cpuBefore = await cpuOfEndedChildren();
  const before = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const peak = child.pid === undefined ? undefined : watchPeak(child.pid);
  const output: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const ms = performance.now() - before;
  const peakMiB = (await peak?.end()) ?? 0;
  if (code !== 0) {
    throw new Error(
      `${program} ${args.join(' ')} ended with ${code}:\n${output.stderr}${output.stdout}`.slice(0, 4000),
    );
  }
  return { ms, cpuMs: (await cpuOfEndedChildren()) - cpuBefore, peakMiB, stdout: output.stdout };
}
