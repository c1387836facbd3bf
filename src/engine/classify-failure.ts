import type { ProdeskError } from '../base/errors.js';
import { ConfigError, StalledError, TransientError } from '../base/errors.js';
import type { ResourceFailure } from './port.js';

const UNREACHABLE =
  /API server \S+ cannot be reached|socket hang up|socket disconnected|connection refused|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|no such host|no route to host|network is unreachable|i\/o timeout|TLS handshake timeout|configured Kubernetes cluster is unreachable|the API server does not answer|unable to load schema information from the API server/i;

const DISK_FULL = /no space left on device|disk quota exceeded|\bENOSPC\b/i;
/** As Pulumi says of half a lock. */
const TORN_FILE = /error: unexpected end of JSON input/;
const DISK_READ_ONLY = /read-only file system|\bEROFS\b/i;

/** As `src/deploy` words it. */
const MISSING_SECRET = /secret \S+ is not set; set it with: .*pulumi config set --secret \S+/;

const RULES: readonly (readonly [RegExp, (text: string) => ProdeskError])[] = [
  [
    /the stack is currently locked by|\[409\] Conflict: Another update is currently in progress/,
    (text) =>
      new TransientError(
        'engine/busy',
        `another process holds the stack's lock${lockOwner(text)}; it is tried again when that one is done`,
      ),
  ],
  [
    /incorrect passphrase/,
    () =>
      new StalledError(
        'engine/passphrase',
        'the passphrase does not fit the stack: check PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
      ),
  ],
  [
    /passphrase must be set with/,
    () =>
      new StalledError(
        'engine/passphrase',
        'the stack needs a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
      ),
  ],
  [
    MISSING_SECRET,
    (text) => {
      const lines = text.split('\n').filter((line) => MISSING_SECRET.test(line));
      return new StalledError('config/missing', [...new Set(lines.map((line) => line.trim()))].join('\n'));
    },
  ],
  [
    /failed to load checkpoint|snapshot integrity failure/,
    (text) =>
      new TransientError(
        'engine/crashed',
        `the stack's state cannot be read (${lineWith(text, /failed to load checkpoint|snapshot integrity failure/)}); recovery restores the last good copy`,
      ),
  ],
  [
    /PULUMI_ACCESS_TOKEN must be set|invalid access token/,
    () =>
      new StalledError(
        'engine/failed',
        'the Pulumi backend needs a login: set PULUMI_ACCESS_TOKEN, or PULUMI_BACKEND_URL to a backend that needs none',
      ),
  ],
  [
    /unable to open state directory|unable to open bucket/,
    (text) =>
      new StalledError(
        'engine/failed',
        `the Pulumi backend cannot be opened (${lineWith(text, /unable to open/)}); check PULUMI_BACKEND_URL`,
      ),
  ],
  [
    /failed to (?:unmarshal|decode|parse) .*Pulumi\.|could not (?:unmarshal|validate) .*Pulumi\.|invalid YAML file/,
    (text) => new ConfigError('config/invalid', `Pulumi cannot read its settings: ${lineWith(text, /Pulumi\.|YAML/)}`),
  ],
  [
    /spawn .*ENOENT|Command failed with ENOENT/,
    () => new StalledError('engine/failed', 'the pulumi program was not found; install it or run "prodesk doctor"'),
  ],
];

/** What a failed run of the `pulumi` command left behind. */
export interface FailedRun {
  /** Both outputs of the command, or the message of what was thrown. */
  readonly text: string;
  /** Failures that the engine's events reported. */
  readonly failures: readonly ResourceFailure[];
  /** Whether anything was carried out. */
  readonly progressed: boolean;
}

/**
 * What a failed run means as a whole, or undefined when it only means that some resources failed: those are reported one by one.
 * The one place that reads Pulumi's texts; its table of recorded samples is in the tests.
 */
export function classifyFailure({ text, failures, progressed }: FailedRun): ProdeskError | undefined {
  const ofBackend = failures.some(({ urn }) => urn !== undefined) ? undefined : backendFailure(text);
  if (ofBackend !== undefined) {
    return ofBackend;
  }
  const all = [text, ...failures.map(({ message }) => message)].join('\n');
  const rule = RULES.find(([pattern]) => pattern.test(all));
  if (rule !== undefined) {
    return rule[1](all);
  }
  const ofResources = failures.filter(({ urn }) => urn !== undefined);
  if (!progressed && ofResources.length > 0 && ofResources.every(({ message }) => UNREACHABLE.test(message))) {
    return new TransientError(
      'cluster/unreachable',
      `the API server does not answer: ${firstLine(ofResources[0]?.message ?? '')}`,
    );
  }
  if (failures.length > 0) {
    return undefined;
  }
  if (UNREACHABLE.test(text) && /kubernetes/i.test(text)) {
    return new TransientError('cluster/unreachable', `the API server does not answer: ${lineWith(text, UNREACHABLE)}`);
  }
  return new StalledError('engine/failed', `pulumi failed: ${lineWith(text, /error:/)}`);
}

/** What the backend's files and their disk say, as opposed to the API server's disk, of which a resource's failure tells. */
function backendFailure(text: string): ProdeskError | undefined {
  if (DISK_FULL.test(text)) {
    return new TransientError(
      'disk/full',
      `Pulumi cannot keep its state: the disk is full (${lineWith(text, DISK_FULL)}); free some space, and it goes on by itself`,
    );
  }
  if (TORN_FILE.test(text)) {
    return new TransientError('engine/crashed', "a file of Pulumi's backend is torn; recovery removes or restores it");
  }
  return DISK_READ_ONLY.test(text)
    ? new TransientError(
        'disk/read-only',
        `Pulumi cannot keep its state: the disk is read-only (${lineWith(text, DISK_READ_ONLY)}); mount it for writing`,
      )
    : undefined;
}

function lockOwner(text: string): string {
  const owner = /created by (\S+) \(pid (\d+)\) at (\S+)/.exec(text);
  return owner === null ? '' : ` (${owner[1]}, process ${owner[2]}, since ${owner[3]})`;
}

/** The first line that matches, else the first line; the command with its long list of targets is left out. */
function lineWith(text: string, pattern: RegExp): string {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('Command failed with exit code'));
  return (lines.find((line) => pattern.test(line)) ?? lines[0] ?? 'no reason was given')
    .trim()
    .replace(/^(?:error: |\d+\) )/, '')
    .slice(0, 500);
}

function firstLine(text: string): string {
  return lineWith(text, /./);
}
