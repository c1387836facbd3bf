import { readFile } from 'node:fs/promises';
import { messageOf, StalledError } from '../base/errors.js';
import type { Clock } from '../base/clock.js';
import type { ClusterAccess } from './access.js';
import { runExecPlugin, type ExecCredential } from './exec-credential.js';

/** Tokens of files are read again after this time: a projected service account token is renewed about hourly. */
const TOKEN_FILE_MS = 60_000;
/** A plugin's credential is renewed this long before it expires. */
const EXPIRY_MARGIN_MS = 30_000;

/** What one request needs to prove who we are. */
export interface Credential {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Gives the credential in force. */
export interface Credentials {
  /** @throws StalledError `cluster/denied` when it cannot be had */
  current(): Promise<Credential>;
  /** Forgets what is cached, because the server refused it. */
  invalidate(): void;
}

/** Makes the credentials of an identity. `env` is what a credential plugin inherits. */
export function createCredentials(
  { identity }: ClusterAccess,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
): Credentials {
  switch (identity.kind) {
    case 'none':
      return fixed({});
    case 'token':
      return fixed({ token: identity.token });
    case 'certificate':
      return fixed({ certificate: identity.certificate, key: identity.key });
    case 'token-file':
      return cached(clock, async () => ({
        token: await readToken(identity.path),
        expiresAt: clock.now() + TOKEN_FILE_MS,
      }));
    case 'exec':
      return cached(clock, async () => {
        const credential = await runExecPlugin(identity.plugin, env);
        return credential.expiresAt === undefined
          ? credential
          : { ...credential, expiresAt: credential.expiresAt - EXPIRY_MARGIN_MS };
      });
  }
}

function fixed(credential: Credential): Credentials {
  return { current: () => Promise.resolve(credential), invalidate: () => undefined };
}

function cached(clock: Clock, load: () => Promise<ExecCredential>): Credentials {
  let value: ExecCredential | undefined;
  let loading: Promise<ExecCredential> | undefined;
  return {
    async current() {
      if (value !== undefined && (value.expiresAt ?? Infinity) > clock.now()) {
        return value;
      }
      loading ??= load().finally(() => {
        loading = undefined;
      });
      value = await loading;
      return value;
    },
    invalidate() {
      value = undefined;
    },
  };
}

async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new StalledError('cluster/denied', `token file cannot be read: ${messageOf(error)}`);
  }
}
