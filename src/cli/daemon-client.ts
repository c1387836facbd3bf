import { request } from 'node:http';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { StalledError, TransientError } from '../base/errors.js';
import type { AuditEntry } from '../driver/core/effects.js';
import type { OrphanReport } from '../driver/orphans.js';
import type { NumberedEntry } from '../driver/history.js';
import type { DaemonStatus, PauseOptions, RollbackOptions, SyncOptions, SyncOutcome } from '../server/daemon-view.js';
import { SOCKET_NAME } from './driver.js';
import { defaultStateDirectory } from './driver-config.js';

/** Talks to the daemon of this machine and user. */
export interface DaemonClient {
  status(): Promise<DaemonStatus>;
  orphans(): Promise<OrphanReport>;
  history(limit: number, app?: string): Promise<readonly NumberedEntry[]>;
  audit(limit: number, app?: string): Promise<readonly AuditEntry[]>;
  /** The signal ends the waiting, not the sync. */
  sync(app: string, options: Omit<SyncOptions, 'by' | 'signal'>, signal?: AbortSignal): Promise<SyncOutcome>;
  rollback(app: string, options: Omit<RollbackOptions, 'by'>): Promise<SyncOutcome>;
  unpin(app: string): Promise<void>;
  refresh(): Promise<void>;
  /** Of all applications when none is named. */
  pause(app: string | undefined, options: Omit<PauseOptions, 'by'>): Promise<void>;
  resume(app: string | undefined): Promise<void>;
  testReceiver(name: string): Promise<SyncOutcome>;
}

/** Adds the option that says whose daemon a command is for. */
export function withDaemonOption(command: Command): Command {
  return command.option('--state-directory <folder>', 'the state directory of the daemon [PRODESK_STATE_DIRECTORY]');
}

/** The client of the daemon with the given state directory. Every call throws TransientError `daemon/unreachable` when none runs. */
export function connectDaemon(options: { readonly stateDirectory?: string }): DaemonClient {
  const directory =
    options.stateDirectory ?? process.env['PRODESK_STATE_DIRECTORY'] ?? defaultStateDirectory(process.env);
  const socketPath = join(directory, SOCKET_NAME);
  const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();
  const asMe = (values: Record<string, string>): string => query({ ...values, by: userInfo().username });
  return {
    status: () => call(socketPath, 'GET', '/v1/status'),
    orphans: () => call(socketPath, 'GET', '/v1/orphans'),
    history: (limit, app) =>
      call(socketPath, 'GET', `/v1/history?${query({ limit: String(limit), ...(app && { app }) })}`),
    audit: (limit, app) => call(socketPath, 'GET', `/v1/audit?${query({ limit: String(limit), ...(app && { app }) })}`),
    sync: (app, options, signal) => {
      const values = textsOf(options);
      return call(socketPath, 'POST', `/v1/apps/${encodeURIComponent(app)}/sync?${asMe(values)}`, signal);
    },
    rollback: (app, options) =>
      call(socketPath, 'POST', `/v1/apps/${encodeURIComponent(app)}/rollback?${asMe(textsOf(options))}`),
    unpin: async (app) => {
      await call(socketPath, 'POST', `/v1/apps/${encodeURIComponent(app)}/unpin?${asMe({})}`);
    },
    testReceiver: (name) => call(socketPath, 'POST', `/v1/receivers/${encodeURIComponent(name)}/test`),
    refresh: async () => {
      await call(socketPath, 'POST', `/v1/refresh?${asMe({})}`);
    },
    pause: async (app, options) => {
      await call(socketPath, 'POST', `/v1/pause?${asMe(textsOf({ ...options, app }))}`);
    },
    resume: async (app) => {
      await call(socketPath, 'POST', `/v1/resume?${asMe(app === undefined ? {} : { app })}`);
    },
  };
}

/** The values that are set, as a query writes them. */
function textsOf(values: object): Record<string, string> {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([key, value]) => [key, String(value)]));
}

async function call<T>(socketPath: string, method: string, path: string, signal?: AbortSignal): Promise<T> {
  const { status, text } = await send(socketPath, { method, path, ...(signal && { signal }) });
  return read<T>(status, text);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly signal?: AbortSignal;
}

function send(socketPath: string, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new TransientError('daemon/unreachable', `no daemon answers at ${socketPath}`, { cause }));
    const outgoing = request({ socketPath, ...question }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', fail);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.on('error', fail);
    outgoing.end();
  });
}

function read<T>(status: number, text: string): T {
  const body = JSON.parse(text) as T & { readonly error?: { readonly code?: string; readonly message: string } };
  if (status < 300) {
    return body;
  }
  const message = body.error?.message ?? `the daemon answered ${status}`;
  const code = body.error?.code;
  throw code === 'app/unknown' || code === 'history/unknown'
    ? new StalledError(code, message)
    : new TransientError('daemon/unreachable', message);
}
