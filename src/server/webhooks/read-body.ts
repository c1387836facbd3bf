import type { Clock } from '../../base/clock.js';

/** How much of a body is read, and for how long. */
export interface BodyLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
}

/** A body, or why there is none. */
export type BodyResult =
  | { readonly kind: 'complete'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  /** The sender went away. */
  | { readonly kind: 'broken' };

/** Whether a request says itself that its body is larger than allowed. */
export function declaresTooMuch(request: Request, limits: BodyLimits): boolean {
  return Number(request.headers.get('content-length') ?? 0) > limits.bytes;
}

/** Reads a body of limited size within limited time. */
export async function readBody(request: Request, limits: BodyLimits, clock: Clock): Promise<BodyResult> {
  const reader = request.body?.getReader();
  if (reader === undefined) {
    return { kind: 'complete', bytes: new Uint8Array() };
  }
  let cancelTimer: () => void = () => undefined;
  const tooSlow = new Promise<BodyResult>((resolve) => {
    cancelTimer = clock.after(limits.timeoutMs, () => resolve({ kind: 'too-slow' }));
  });
  try {
    const result = await Promise.race([readAll(reader, limits.bytes), tooSlow]);
    if (result.kind !== 'complete') {
      void reader.cancel().catch(() => undefined);
    }
    return result;
  } finally {
    cancelTimer();
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<BodyResult> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return { kind: 'complete', bytes: Buffer.concat(chunks) };
      }
      size += value.length;
      if (size > limit) {
        return { kind: 'too-large' };
      }
      chunks.push(value);
    }
  } catch {
    // A connection that ended early: there is nobody to tell.
    return { kind: 'broken' };
  }
}
