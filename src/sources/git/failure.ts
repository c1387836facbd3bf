import { CancelledError, ProdeskError, StalledError, TransientError } from '../../base/errors.js';
import { redactValues } from '../../base/redact.js';

/** What went wrong, read from git's output. `damaged`: the local cache, which can be made anew. */
export type GitFailureKind =
  'unreachable' | 'denied' | 'unknown-revision' | 'refused' | 'no-space' | 'read-only' | 'damaged' | 'unknown';

const PATTERNS: readonly (readonly [GitFailureKind, RegExp])[] = [
  ['no-space', /No space left on device|Disk quota exceeded/i],
  ['read-only', /Read-only file system/i],
  [
    'denied',
    /Authentication failed|could not read (Username|Password)|terminal prompts disabled|returned error: 40[134]|HTTP Basic: Access denied/i,
  ],
  ['denied', /Permission denied \(|Host key verification failed|Too many authentication failures/i],
  [
    'denied',
    /repository '?[^\n]*'? (not found|does not exist)|Repository not found|does not appear to be a git repository|not valid: is this a git repository/i,
  ],
  ['refused', /returned error: 30\d|unable to update url base from redirection/i],
  ['refused', /transport '[^']*' not allowed|dubious ownership|invalid path '|strange (pathname|hostname)/i],
  ['unknown-revision', /not our ref|couldn't find remote ref|Server does not allow request for unadvertised object/i],
  ['unknown-revision', /no such remote ref|unadvertised object/i],
  [
    'unreachable',
    /Could not resolve (host|proxy|hostname)|Failed to connect|Connection (refused|reset|timed out|closed)|Operation timed out|Network is unreachable|No route to host/i,
  ],
  [
    'unreachable',
    /returned error: (408|425|429|5\d\d)|RPC failed|early EOF|unexpected disconnect|hung up unexpectedly/i,
  ],
  ['unreachable', /SSL|TLS|certificate|gnutls|Empty reply from server|transfer closed|kex_exchange_identification/i],
  ['damaged', /not a git repository|bad object|missing (blob|tree|commit|object)|unable to read|loose object|corrupt/i],
  [
    'damaged',
    /\.lock': File exists|inflate|packfile|bad (tree|config)|invalid (object|sha1 pointer)|unresolved deltas/i,
  ],
  ['unreachable', /Could not read from remote repository/i],
];

/** Reads git's output. What is not recognized is `unknown`. */
export function gitFailureKind(output: string): GitFailureKind {
  return PATTERNS.find(([, pattern]) => pattern.test(output))?.[0] ?? 'unknown';
}

/** What a failed git command was for. */
export interface GitFailureContext {
  /** Such as `read the branch master of https://…`. */
  readonly doing: string;
  readonly secrets: readonly string[];
}

/** The error for a failed git command; the only place that reads git's output for meaning. */
export function classifyGitFailure(output: string, { doing, secrets }: GitFailureContext): ProdeskError {
  const text = redactValues(tidy(output), secrets);
  const prefix = `cannot ${doing}`;
  switch (gitFailureKind(output)) {
    case 'denied':
      return new StalledError(
        'git/denied',
        `${prefix}: the remote gives no access; check the address and the credential (${text})`,
      );
    case 'unknown-revision':
      return new StalledError('git/unknown-revision', `${prefix}: the remote does not have it (${text})`);
    case 'refused':
      return new StalledError(
        'git/refused',
        `${prefix}: not allowed; where the remote redirects, write its new address (${text})`,
      );
    case 'no-space':
      return new TransientError('disk/full', `${prefix}: the disk is full (${text}); free some space`);
    case 'read-only':
      return new TransientError('disk/read-only', `${prefix}: the disk is read-only (${text}); mount it for writing`);
    case 'unreachable':
    case 'damaged':
    case 'unknown':
      return new TransientError('git/unreachable', `${prefix}: ${text}`);
  }
}

/** The error for a git command that was ended by us. */
export function stoppedError(doing: string, signal: AbortSignal | undefined, timeoutMs: number): ProdeskError {
  if (signal?.aborted === true) {
    return signal.reason instanceof ProdeskError
      ? signal.reason
      : new CancelledError('cancelled/superseded', `stopped: ${doing}`, { cause: signal.reason });
  }
  return new TransientError('git/unreachable', `cannot ${doing}: no end within ${timeoutMs} ms`);
}

function tidy(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => /^(fatal|error|remote|ssh|warning):/i.test(line));
  const text = (told.length > 0 ? told : lines.filter((line) => line !== '')).join('; ');
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
