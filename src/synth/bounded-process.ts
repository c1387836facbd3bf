import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { CancelledError, type ProdeskError } from '../base/errors.js';
import type { SynthLimits } from './limits.js';
import { residentMiBOf } from './resident-memory.js';

const MEMORY_CHECK_MS = 100;
const NOISE_BYTES = 8192;

/** A program that is not trusted to end, or to be modest. */
export interface BoundedProcess {
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  /** An empty folder: its home and its place for temporary files. */
  readonly home: string;
  /** What it reads. */
  readonly input: string;
  readonly limits: SynthLimits;
  readonly signal?: AbortSignal | undefined;
  /** Takes what it writes to file descriptor 3. */
  readonly onResult: (chunk: Buffer) => void;
  /** The error of a limit that it passed. */
  readonly limitError: (kind: 'time' | 'memory' | 'output') => ProdeskError;
}

/** How a program ended by itself. */
export interface BoundedEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it printed. */
  readonly noise: string;
}

/**
 * Runs a program without the daemon's environment, within limits, and ends whatever it started.
 * @throws the limit's error; CancelledError when the signal is aborted
 */
export async function runBounded(run: BoundedProcess): Promise<BoundedEnd> {
  if (run.signal?.aborted === true) {
    throw cancelled();
  }
  const child = start(run);
  const [input, stdout, stderr, results] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  let stopped: ProdeskError | undefined;
  const stop = (reason: ProdeskError): void => {
    stopped ??= reason;
    killGroup(child);
  };
  const noise = keepEnd([stdout, stderr]);
  readWithin(results, run, stop);
  const release = guard(child, run, stop);
  input.on('error', () => undefined); // a child that died does not read; its exit says why
  input.end(run.input);
  try {
    const [code, signal] = (await ended(child)) as [number | null, NodeJS.Signals | null];
    if (stopped !== undefined) {
      throw stopped;
    }
    return { code, signal, noise: noise() };
  } finally {
    release();
    killGroup(child);
  }
}

function start({ command, cwd, home, limits }: BoundedProcess): ChildProcess {
  // The CPU limit ends a child that loops after its parent was killed. A dump of its memory is of no use.
  const cpuSeconds = Math.ceil(limits.timeoutMs / 1000) * 2 + 10;
  const shell = `ulimit -t ${cpuSeconds}; ulimit -c 0; exec "$@"`;
  return spawn('/bin/sh', ['-c', shell, 'sh', ...command], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Stops the child at the time limit, the memory limit, or the caller's wish; returns what ends the watch. */
function guard(
  child: ChildProcess,
  { limits, signal, limitError }: BoundedProcess,
  stop: (reason: ProdeskError) => void,
): () => void {
  const timer = setTimeout(() => stop(limitError('time')), limits.timeoutMs);
  const memory = setInterval(() => {
    const resident = child.pid === undefined ? undefined : residentMiBOf(child.pid);
    if (resident !== undefined && resident > limits.memoryMiB) {
      stop(limitError('memory'));
    }
  }, MEMORY_CHECK_MS);
  const abort = (): void => stop(cancelled());
  signal?.addEventListener('abort', abort);
  return () => {
    clearTimeout(timer);
    clearInterval(memory);
    signal?.removeEventListener('abort', abort);
  };
}

function readWithin(
  results: Readable,
  { limits, onResult, limitError }: BoundedProcess,
  stop: (reason: ProdeskError) => void,
): void {
  let bytes = 0;
  results.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.outputBytes) {
      results.destroy();
      stop(limitError('output'));
    } else {
      onResult(chunk);
    }
  });
}

function keepEnd(streams: readonly Readable[]): () => string {
  let end = '';
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      end = (end + text).slice(-NOISE_BYTES);
    });
  }
  return () => end;
}

/** Waits for the end. Programs that it left behind are ended too: they may hold the child's pipes open. */
async function ended(child: ChildProcess): Promise<unknown[]> {
  child.once('exit', () => killGroup(child));
  return once(child, 'close');
}

/** The whole process group: it may have started programs. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error;
    }
  }
}

function cancelled(): CancelledError {
  return new CancelledError('cancelled/superseded', 'the synthesis was cancelled');
}
