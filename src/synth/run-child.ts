import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { CancelledError, type ProdeskError } from '../base/errors.js';
import { diagnoseChild, limitError } from './child-end.js';
import type { ChildRequest } from './child/request.js';
import { heapMiBOf, type SynthLimits } from './limits.js';
import { MessageLines } from './message-lines.js';
import { residentMiBOf } from './resident-memory.js';
import type { ChildMessage } from './schema.js';

const MEMORY_CHECK_MS = 100;
const NOISE_BYTES = 8192;

/** How to run one child. */
export interface ChildRun {
  /** The checkout's real path. */
  readonly directory: string;
  /** An empty folder that the child may write to; its home and its place for temporary files. */
  readonly home: string;
  readonly request: ChildRequest;
  readonly limits: SynthLimits;
  readonly signal?: AbortSignal;
}

/** What a child that came to its end has said. */
export interface ChildResult {
  readonly messages: readonly ChildMessage[];
  /** The end of what applications printed. */
  readonly noise: string;
}

/**
 * Runs the checkout's own src/synth/child/main.ts, without credentials and within limits.
 * @throws StalledError `synth/limit`, `synth/threw`; CancelledError when the signal is aborted
 */
export async function runChild(run: ChildRun): Promise<ChildResult> {
  throwIfAborted(run.signal);
  const child = start(run);
  const [input, stdout, stderr, results] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  let stopped: ProdeskError | undefined;
  const stop = (reason: ProdeskError): void => {
    stopped ??= reason;
    killGroup(child);
  };
  const lines = new MessageLines();
  const noise = keepEnd([stdout, stderr]);
  readWithin(results, run.limits, lines, stop);
  const release = guard(child, run, lines, stop);
  input.on('error', () => undefined); // a child that died does not read; its exit says why
  input.end(JSON.stringify(run.request));
  try {
    const [code, signal] = (await ended(child)) as [number | null, NodeJS.Signals | null];
    if (stopped !== undefined) {
      throw stopped;
    }
    const failure = diagnoseChild({ code, signal, lines, noise: noise(), run });
    if (failure !== undefined) {
      throw failure;
    }
    return { messages: lines.messages, noise: noise() };
  } finally {
    release();
    killGroup(child);
  }
}

function start({ directory, home, limits }: ChildRun): ChildProcess {
  const heap = `--max-old-space-size=${heapMiBOf(limits)}`;
  const script = 'src/synth/child/main.ts';
  // The CPU limit ends a child that loops after its parent was killed.
  const cpuSeconds = Math.ceil(limits.timeoutMs / 1000) * 2 + 10;
  const shell = `ulimit -t ${cpuSeconds}; exec "$@"`;
  return spawn('/bin/sh', ['-c', shell, 'sh', process.execPath, heap, '--import', 'tsx', script], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Stops the child at the time limit, the memory limit, or the caller's wish; returns what ends the watch. */
function guard(
  child: ChildProcess,
  { limits, signal }: ChildRun,
  lines: MessageLines,
  stop: (reason: ProdeskError) => void,
): () => void {
  const timer = setTimeout(() => stop(limitError('time', limits, lines.building)), limits.timeoutMs);
  const memory = setInterval(() => {
    const resident = child.pid === undefined ? undefined : residentMiBOf(child.pid);
    if (resident !== undefined && resident > limits.memoryMiB) {
      stop(limitError('memory', limits, lines.building));
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
  limits: SynthLimits,
  lines: MessageLines,
  stop: (reason: ProdeskError) => void,
): void {
  let bytes = 0;
  results.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.outputBytes) {
      results.destroy();
      stop(limitError('output', limits, lines.building));
    } else {
      lines.add(chunk);
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

/** Waits for the end. Programs that an application left behind are ended too: they may hold the child's pipes open. */
async function ended(child: ChildProcess): Promise<unknown[]> {
  child.once('exit', () => killGroup(child));
  return once(child, 'close');
}

/** The whole process group: an application may have started programs. */
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

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw cancelled();
  }
}

function cancelled(): CancelledError {
  return new CancelledError('cancelled/superseded', 'the synthesis was cancelled');
}
