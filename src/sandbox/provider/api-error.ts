import { CancelledError, messageOf, StalledError, TransientError, type ProdeskError } from '../../base/errors.js';
import { isObject, objectAt, textAt, type Json, type JsonObject } from './json.js';

/** One reason in the answer of an API server. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  /** Such as `spec.selector`; empty when the server names none. */
  readonly field: string;
}

/** An answer that says no, as the API server words it. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** Such as `NotFound`, `Conflict`, `Invalid`. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly Cause[];
  /** The resource that the answer is about, such as `namespaces`; empty when the answer does not say. */
  readonly about: string;
  readonly retryAfterMs?: number;
}

/** Reads the body of an answer with an error status. Bodies that are no `Status` object are kept as text. */
export function refusalOf(
  status: number,
  body: Json | undefined,
  text: string,
  retryAfter: string | undefined,
): Refusal {
  const object: JsonObject = isObject(body) ? body : {};
  const details = objectAt(object, 'details');
  const causes = Array.isArray(details['causes']) ? details['causes'].filter(isObject) : [];
  return {
    status,
    reason: textAt(object, 'reason') ?? '',
    message: textAt(object, 'message') ?? (text.trim().slice(0, 500) || `HTTP status ${status}`),
    causes: causes.map((cause) => ({
      reason: textAt(cause, 'reason') ?? '',
      message: textAt(cause, 'message') ?? '',
      field: textAt(cause, 'field') ?? '',
    })),
    about: textAt(details, 'kind') ?? '',
    ...(retryAfter !== undefined && /^\d+$/.test(retryAfter) ? { retryAfterMs: Number(retryAfter) * 1000 } : {}),
  };
}

/** The error for an answer that says no. `subject` is what was asked for, such as `ConfigMap "prodesk/a"`. */
export function refusedError(refusal: Refusal, subject: string): ProdeskError {
  const text = `${subject}: ${refusal.message}`;
  if (refusal.reason === 'Conflict' && refusal.causes.some((cause) => cause.reason === 'FieldManagerConflict')) {
    return new StalledError('cluster/conflict', conflictText(refusal, subject));
  }
  switch (refusal.status) {
    case 401:
    case 403:
      return new StalledError('cluster/denied', `${text}; check the credentials of the kubeconfig and the RBAC rules`);
    case 409:
      return new StalledError('cluster/conflict', text);
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return new TransientError(
        'cluster/unreachable',
        text,
        refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs },
      );
    default:
      return new StalledError('cluster/rejected', text);
  }
}

/** The error for a request that got no answer. */
export function unansweredError(error: unknown, server: string, signal: AbortSignal | undefined): ProdeskError {
  if (signal?.aborted === true) {
    return new CancelledError('cancelled/shutdown', 'the operation was cancelled');
  }
  return new TransientError(
    'cluster/unreachable',
    `the Kubernetes API server ${server} cannot be reached: ${reasonOf(error)}; check that it runs and that the kubeconfig is right`,
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return messageOf(inner);
}

function conflictText(refusal: Refusal, subject: string): string {
  const owned = refusal.causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => `${cause.field} is managed by ${/"([^"]+)"/.exec(cause.message)?.[0] ?? 'another manager'}`);
  return (
    `${subject}: server-side apply conflict: ${owned.join('; ')}. ` +
    'Take the field out of the program, or take it over with the annotation pulumi.com/patchForce: "true" or the provider option enablePatchForce'
  );
}
