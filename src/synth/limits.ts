/** What one synthesis may use. */
export interface SynthLimits {
  /** Wall time, in milliseconds. */
  readonly timeoutMs: number;
  /** Memory of the child process, in MiB. */
  readonly memoryMiB: number;
  /** Size of the result, in bytes. */
  readonly outputBytes: number;
}

/** Enough for thousands of objects, little enough for a small machine. */
export const DEFAULT_LIMITS: SynthLimits = { timeoutMs: 60_000, memoryMiB: 1024, outputBytes: 64 * 2 ** 20 };

/** The JavaScript heap that fits into the memory limit beside Node.js itself, in MiB. */
export function heapMiBOf({ memoryMiB }: SynthLimits): number {
  return Math.max(32, Math.floor(memoryMiB * 0.75));
}
