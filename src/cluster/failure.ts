import {
  CancelledError,
  messageOf,
  ProdeskError,
  StalledError,
  TransientError,
  type ErrorOptions,
} from '../base/errors.js';
import { itemsAt, numberAt, textAt } from './kube-object.js';

/** Longer waits than this are a mistake of whoever asked for them. */
const LONGEST_ASKED_MS = 60_000;

/** One cause of a refused request: a field and why, without the value. */
export interface FailureCause {
  /** As the API server writes it: `spec.template.spec.containers[0].name`, or `.spec.replicas` for a conflict. */
  readonly field: string;
  readonly reason: string;
  /** The other field manager, for a conflict. */
  readonly manager?: string;
  /** What is wrong, where the API server's text says it apart from the value. */
  readonly text?: string;
}

/** A `Status` of the API server without any value of the request. It is the `cause` of the classified error. */
export class KubeStatusError extends Error {
  override readonly name = 'KubeStatusError';

  constructor(
    readonly code: number,
    readonly reason: string,
    readonly causes: readonly FailureCause[],
    message: string,
  ) {
    super(message);
  }
}

/** A response that is not a success, as the client read it. */
export interface FailedResponse {
  readonly code: number;
  /** The parsed body; anything when it was no JSON. */
  readonly body: unknown;
  readonly retryAfter?: string | undefined;
  /** Whether the request had a body whose values the answer may quote. */
  readonly isPrivate: boolean;
}

/** The status that led to an error; undefined when it was not an answer of the API server. */
export function findStatus(error: unknown): KubeStatusError | undefined {
  return error instanceof ProdeskError && error.cause instanceof KubeStatusError ? error.cause : undefined;
}

/** How long the API server asked us to wait, at most a minute; 0 where it did not. */
export function askedWaitMs(error: unknown): number {
  return error instanceof TransientError ? Math.min(error.retryAfterMs ?? 0, LONGEST_ASKED_MS) : 0;
}

/** Classifies an answer of the API server. `what` says what was asked: `apply Deployment prodesk/redis`. */
export function classifyResponse(response: FailedResponse, what: string): ProdeskError {
  const { code, body } = response;
  const reason = textAt(body, 'reason') ?? `HTTP ${code}`;
  const causes = itemsAt(body, 'details', 'causes').map(causeOf);
  const detail = detailOf(response, causes);
  const cause = new KubeStatusError(code, reason, causes, detail === '' ? reason : `${reason}: ${detail}`);
  const message = `${what}: ${cause.message}`;
  switch (code) {
    case 401:
      return new StalledError('cluster/denied', `${message}; the API server does not accept the credential`, { cause });
    case 403:
      return new StalledError('cluster/denied', `${message}; grant the permission or change what is asked`, { cause });
    case 404:
      return notFound(body, message, cause);
    case 409:
      return conflict(causes, what, message, cause);
    case 410:
      return new TransientError('cluster/unreachable', message, { cause });
    default:
      return code === 408 || code === 429 || code >= 500
        ? new TransientError('cluster/unreachable', message, { cause, ...retryAfterOf(response) })
        : new StalledError('cluster/rejected', message, { cause });
  }
}

/** Classifies what was thrown while a request was sent or its answer read. */
export function classifyThrown(thrown: unknown, what: string): ProdeskError {
  if (thrown instanceof ProdeskError) {
    return thrown;
  }
  if (thrown instanceof Error && (thrown.name === 'AbortError' || textAt(thrown, 'code') === 'ABORT_ERR')) {
    return new CancelledError('cancelled/superseded', `${what}: cancelled`);
  }
  const code = textAt(thrown, 'code') ?? textAt(thrown, 'cause', 'code');
  const text = messageOf(thrown) || code || 'no answer';
  const hint = /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/.test(code ?? '') ? '; check the CA of the kubeconfig' : '';
  return new TransientError('cluster/unreachable', `${what}: ${text}${hint}`, { cause: thrown });
}

function notFound(body: unknown, message: string, cause: KubeStatusError): ProdeskError {
  const kind = textAt(body, 'details', 'kind');
  if (kind === 'namespaces') {
    const name = textAt(body, 'details', 'name') ?? '';
    return new StalledError('cluster/rejected', `${message}; create namespace ${name} first`, { cause });
  }
  return new StalledError(
    'cluster/kind-unknown',
    `${message}; the API server does not serve this, is its CRD installed?`,
    {
      cause,
    },
  );
}

function conflict(
  causes: readonly FailureCause[],
  what: string,
  message: string,
  cause: KubeStatusError,
): ProdeskError {
  const fields = causes.filter(({ manager }) => manager !== undefined);
  if (fields.length === 0) {
    return new TransientError('cluster/conflict', message, { cause });
  }
  const list = fields.map(({ manager, field }) => `${field} (${manager})`).join(', ');
  return new StalledError(
    'cluster/conflict',
    `${what}: other field managers own ${list}; force it or leave the field out`,
    {
      cause,
    },
  );
}

function causeOf(item: unknown): FailureCause {
  const message = textAt(item, 'message') ?? '';
  const manager = /^conflict with "([^"]*)"/.exec(message)?.[1];
  const text = safeTextOf(message);
  return {
    field: textAt(item, 'field') ?? '',
    reason: textAt(item, 'reason') ?? '',
    ...(manager === undefined ? {} : { manager }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The end of `Invalid value: <value>: field is immutable`. Anything that may be part of the value is dropped. */
function safeTextOf(message: string): string | undefined {
  const tail = message.slice(message.lastIndexOf(': ') + 2);
  return message.includes(': ') && /^[a-z][a-z ,.'()-]*$/i.test(tail) ? tail : undefined;
}

function detailOf({ body, isPrivate, code }: FailedResponse, causes: readonly FailureCause[]): string {
  const known = causes.filter(({ field }) => field !== '');
  if (known.length > 0) {
    return known.map(({ field, text, reason }) => `${field}: ${text ?? reason}`).join(', ');
  }
  return isPrivate && code !== 404 ? '' : (textAt(body, 'message') ?? '').slice(0, 500);
}

function retryAfterOf({ retryAfter, body }: FailedResponse): Pick<ErrorOptions, 'retryAfterMs'> {
  const seconds = Number(retryAfter ?? numberAt(body, 'details', 'retryAfterSeconds') ?? Number.NaN);
  return Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
}
