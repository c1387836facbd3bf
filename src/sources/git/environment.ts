import { dirname } from 'node:path';
import { StalledError } from '../../base/errors.js';
import type { RemoteProtocol } from './remote.js';
import type { VerificationEnvironment } from './verification.js';

/** How to prove who we are: a token for http(s) remotes, or a key for ssh remotes. */
export interface GitCredentials {
  /** @default x-access-token, which GitHub and GitLab take with a token */
  readonly username?: string;
  /** A token, or a password. */
  readonly password?: string;
  /** The path of a private key without a passphrase. */
  readonly sshKeyFile?: string;
  /** @default - the known hosts files of ssh itself */
  readonly knownHostsFile?: string;
  /** Trust the key that an unknown ssh host shows first. @default false */
  readonly acceptNewHostKeys?: boolean;
}

/** What {@link gitEnvironment} needs. */
export interface GitEnvironmentOptions {
  /** An empty folder that stands in for the user's home. */
  readonly home: string;
  readonly protocol: RemoteProtocol;
  readonly credentials?: GitCredentials;
  /** More settings and variables, to check signatures. @default - none */
  readonly verification?: VerificationEnvironment;
  /** The daemon's environment; only the search path, proxies and certificate stores are taken from it. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
}

const INHERITED = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TMPDIR'];
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Nothing that a repository or a machine brings along may run a program or leave the tree. */
const SAFE_CONFIG: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.symlinks', 'false'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.process', ''],
  ['filter.lfs.required', 'false'],
  ['credential.helper', ''],
  ['http.followRedirects', 'false'],
  ['gc.autoDetach', 'false'],
  ['gc.pruneExpire', 'now'],
  ['maintenance.autoDetach', 'false'],
];

/**
 * The complete environment of a git child: no configuration of the machine or user, one allowed protocol, no prompts.
 * The credential is in here and nowhere else: as a header in git's environment configuration.
 * @throws StalledError `git/refused` when a key path cannot be handed to ssh safely
 */
export function gitEnvironment(options: GitEnvironmentOptions): Readonly<Record<string, string>> {
  const config = [
    ...SAFE_CONFIG,
    ['protocol.allow', 'never'] as const,
    [`protocol.${options.protocol}.allow`, 'always'] as const,
    ...authorization(options),
    ...(options.verification?.config ?? []),
  ];
  return {
    PATH: DEFAULT_PATH,
    ...pickInherited(options.inherited ?? {}),
    HOME: options.home,
    GIT_CEILING_DIRECTORIES: dirname(options.home),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: options.protocol,
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_SSH_COMMAND: sshCommand(options.credentials ?? {}),
    ...options.verification?.variables,
    ...environmentConfig(config),
  };
}

/** The values that must never be read in a message. */
export function secretsOf(credentials: GitCredentials | undefined): string[] {
  if (credentials?.password === undefined) {
    return [];
  }
  return [credentials.password, basicValue(credentials)];
}

function environmentConfig(config: readonly (readonly [string, string])[]): Record<string, string> {
  const entries = config.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(config.length), ...(Object.fromEntries(entries) as Record<string, string>) };
}

function authorization({ protocol, credentials }: GitEnvironmentOptions): (readonly [string, string])[] {
  const isHttp = protocol === 'https' || protocol === 'http';
  return isHttp && credentials?.password !== undefined
    ? [['http.extraHeader', `Authorization: Basic ${basicValue(credentials)}`]]
    : [];
}

function basicValue({ username = 'x-access-token', password = '' }: GitCredentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

function sshCommand({ sshKeyFile, knownHostsFile, acceptNewHostKeys = false }: GitCredentials): string {
  return [
    'ssh -F /dev/null -o BatchMode=yes -o ConnectTimeout=20 -o ForwardAgent=no -o PermitLocalCommand=no',
    `-o StrictHostKeyChecking=${acceptNewHostKeys ? 'accept-new' : 'yes'}`,
    ...(knownHostsFile === undefined ? [] : [`-o UserKnownHostsFile=${safePath('known hosts file', knownHostsFile)}`]),
    ...(sshKeyFile === undefined ? [] : [`-o IdentitiesOnly=yes -i ${safePath('ssh key file', sshKeyFile)}`]),
  ].join(' ');
}

function safePath(name: string, path: string): string {
  if (!/^\/[\w./@+=,-]+$/.test(path)) {
    throw new StalledError(
      'git/refused',
      `git ${name} "${path}" is refused: use an absolute path of letters, digits and ./_-@+=,`,
    );
  }
  return path;
}

function pickInherited(inherited: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = [...INHERITED, ...INHERITED.map((name) => name.toLowerCase())];
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = inherited[name];
    if (value !== undefined && value !== '') {
      picked[name] = value;
    }
  }
  return picked;
}
