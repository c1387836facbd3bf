import { spawn } from 'node:child_process';
import type { Clock } from '../../base/clock.js';
import { StalledError, TransientError } from '../../base/errors.js';
import type { RegistryCredentials } from './docker-config.js';
import { helperAnswerSchema } from './schema.js';

/** Asks Docker's credential helpers. */
export type AskHelper = (helper: string, host: string) => Promise<RegistryCredentials | undefined>;

/** Settings of {@link createHelperClient}. */
export interface HelperClientOptions {
  /** What helpers see; they need `PATH`, `HOME` and, for clouds, the variables of their SDK. */
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** How a helper process ended. */
export type HelperEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly output: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'stopped'; readonly why: string };

const DOCKER_HUB = 'registry-1.docker.io';
/** Docker Hub's login is kept under this name. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
const KEPT_MS = 300_000;
const MAX_OUTPUT = 65_536;

/** Runs helpers as Docker does (`docker-credential-NAME get`), keeps an answer for five minutes, and shares one run among all who ask. */
export function createHelperClient(options: HelperClientOptions): AskHelper {
  const known = new Map<string, { readonly login: RegistryCredentials | undefined; readonly until: number }>();
  const running = new Map<string, Promise<RegistryCredentials | undefined>>();
  const ask = async (helper: string, host: string): Promise<RegistryCredentials | undefined> => {
    const end = await runHelper(helper, host === DOCKER_HUB ? DOCKER_HUB_KEY : host, options);
    const login = loginOf(end, `docker-credential-${helper}`, host);
    known.set(`${helper} ${host}`, { login, until: options.clock.now() + KEPT_MS });
    return login;
  };
  return (helper, host) => {
    const key = `${helper} ${host}`;
    const kept = known.get(key);
    if (kept !== undefined && kept.until > options.clock.now()) {
      return Promise.resolve(kept.login);
    }
    const asked = running.get(key) ?? ask(helper, host).finally(() => running.delete(key));
    running.set(key, asked);
    return asked;
  };
}

/**
 * What a helper's end means. Its output is never part of a message: it holds a credential, or may.
 * @throws StalledError `registry/denied` when there is no such program; TransientError `registry/unavailable` when it failed
 */
export function loginOf(end: HelperEnd, program: string, host: string): RegistryCredentials | undefined {
  if (end.kind === 'missing') {
    throw new StalledError('registry/denied', `the credential helper ${program} for ${host} is not on the PATH`);
  }
  if (end.kind === 'stopped') {
    throw new TransientError('registry/unavailable', `the credential helper ${program} for ${host} ${end.why}`);
  }
  if (end.code !== 0) {
    if (/credentials not found/i.test(end.output)) {
      return undefined;
    }
    throw new TransientError(
      'registry/unavailable',
      `the credential helper ${program} for ${host} ended with status ${end.code}; run it by hand to see why`,
    );
  }
  const parsed = helperAnswerSchema.safeParse(jsonOf(end.output));
  if (!parsed.success) {
    throw new StalledError('registry/denied', `the credential helper ${program} for ${host} gave no login`);
  }
  const { Username: username, Secret: password } = parsed.data;
  if (username === '<token>') {
    throw new StalledError(
      'registry/denied',
      `${program} has an identity token for ${host}; log in with a user and a password or access token`,
    );
  }
  return { username, password };
}

function runHelper(
  helper: string,
  serverUrl: string,
  { environment, timeoutMs, clock }: HelperClientOptions,
): Promise<HelperEnd> {
  if (!/^[\w.-]+$/.test(helper)) {
    return Promise.resolve({ kind: 'missing' });
  }
  return new Promise((resolve) => {
    const child = spawn(`docker-credential-${helper}`, ['get'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let output = '';
    const end = (result: HelperEnd): void => {
      cancelLimit();
      child.kill('SIGKILL');
      resolve(result);
    };
    const cancelLimit = clock.after(timeoutMs, () =>
      end({ kind: 'stopped', why: `did not answer within ${timeoutMs / 1000} s` }),
    );
    child.on('error', () => end({ kind: 'missing' }));
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output += text;
      if (output.length > MAX_OUTPUT) {
        end({ kind: 'stopped', why: 'said too much' });
      }
    });
    child.on('close', (code) => end({ kind: 'exited', code, output }));
    child.stdin.end(`${serverUrl}\n`);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
