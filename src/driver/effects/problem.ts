import type { ErrorCode } from '../../base/errors.js';
import { messageOf, ProdeskError } from '../../base/errors.js';
import type { Problem } from '../core/state.js';

/** A failure as an event carries it. */
export interface FailureFields {
  readonly problem: Problem;
  readonly retryAfterMs?: number;
}

/** What an event says of something thrown. A foreign error gets the code of the effect that met it. */
export function failureOf(thrown: unknown, fallback: ErrorCode): FailureFields {
  const code = thrown instanceof ProdeskError ? thrown.code : fallback;
  const retryAfterMs = thrown instanceof ProdeskError ? thrown.retryAfterMs : undefined;
  return { problem: { code, message: messageOf(thrown) }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
