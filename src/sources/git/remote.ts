import { StalledError } from '../../base/errors.js';
import { redact } from '../../base/redact.js';

/** How a remote is reached. Git is allowed this one protocol and no other. */
export type RemoteProtocol = 'https' | 'http' | 'ssh' | 'file';

/** A remote address that is safe to hand to git. */
export interface Remote {
  /** As written; holds no credential. */
  readonly url: string;
  readonly protocol: RemoteProtocol;
}

/** Options of {@link parseRemote}. */
export interface ParseRemoteOptions {
  /** Allow `http://` to hosts other than this machine. @default false */
  readonly allowPlainHttp?: boolean;
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
const SCP_LIKE = /^(?:[A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[^-:][^:]*$/;

/**
 * Reads a remote's address: `https://`, `ssh://`, `git@host:path`, `file://`, an absolute path, or `http://` to this machine.
 * Everything that git would take for an option or a remote helper is refused (CVE-2018-17456, CVE-2017-1000117).
 * @throws StalledError `git/refused`
 */
export function parseRemote(url: string, options: ParseRemoteOptions = {}): Remote {
  const refuse = (reason: string): never => {
    throw new StalledError('git/refused', `git url "${printable(url)}" is refused: ${reason}`);
  };
  if (url === '' || hasControlCharacter(url) || url.startsWith('-') || url !== url.trim()) {
    return refuse('it is empty, starts with "-", or holds control characters or outer spaces');
  }
  if (url.includes('::')) {
    return refuse('remote helpers ("name::address") are not allowed');
  }
  if (url.startsWith('/')) {
    return { url, protocol: 'file' };
  }
  if (url.includes('://')) {
    return parseRemoteUrl(url, options, refuse);
  }
  return SCP_LIKE.test(url)
    ? { url, protocol: 'ssh' }
    : refuse('write it as https://host/path, ssh://user@host/path, git@host:path, file:///path or /path');
}

function parseRemoteUrl(url: string, options: ParseRemoteOptions, refuse: (reason: string) => never): Remote {
  if (!URL.canParse(url)) {
    return refuse('it is not a URL');
  }
  const { protocol, hostname, password, username, pathname } = new URL(url);
  if (password !== '') {
    return refuse('it holds a password; put that into the credential settings instead');
  }
  switch (protocol) {
    case 'file:':
      return hostname === '' ? { url, protocol: 'file' } : refuse('a file URL has three slashes: file:///path');
    case 'https:':
      return hostname === '' ? refuse('it has no host') : { url, protocol: 'https' };
    case 'http:':
      return options.allowPlainHttp === true || LOOPBACK_HOSTS.has(hostname)
        ? { url, protocol: 'http' }
        : refuse('http is not encrypted; use https');
    case 'ssh:':
      return hostname === '' || hostname.startsWith('-') || username.startsWith('-') || pathname.startsWith('/-')
        ? refuse('its host, user or path is missing or starts with "-"')
        : { url, protocol: 'ssh' };
    default:
      return refuse(`"${printable(protocol)}" is not one of https, ssh and file`);
  }
}

const FORBIDDEN_IN_BRANCH = /\.\.|@\{|\/\/|\/\.|[ ~^:?*[\\]|\.lock(\/|$)/;

/**
 * Reads a branch name by the rules of git-check-ref-format(1).
 * @throws StalledError `git/refused`
 */
export function parseBranch(branch: string): string {
  const isSafe =
    branch !== '' &&
    branch.length <= 255 &&
    branch !== '@' &&
    !/^[-/.]|[/.]$/.test(branch) &&
    !hasControlCharacter(branch) &&
    !FORBIDDEN_IN_BRANCH.test(branch);
  if (!isSafe) {
    throw new StalledError('git/refused', `git branch "${printable(branch)}" is refused: it is not a branch name`);
  }
  return branch;
}

/**
 * Reads a full commit id: 40 or 64 lowercase hexadecimal digits.
 * @throws StalledError `git/refused`
 */
export function parseCommit(commit: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new StalledError('git/refused', `git commit "${printable(commit)}" is refused: give the full commit id`);
  }
  return commit;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

function printable(text: string): string {
  return redact(
    [...text.slice(0, 200)].map((character) => (hasControlCharacter(character) ? '?' : character)).join(''),
  );
}
