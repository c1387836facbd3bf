import type { Dispatcher } from 'undici';
import { systemClock, type Clock } from '../base/clock.js';
import { TransientError } from '../base/errors.js';
import type { ClusterAccess } from './access.js';
import { createCredentials } from './credentials.js';
import { classifyResponse, classifyThrown, findStatus } from './failure.js';
import { isRecord, itemsAt, numberAt, textAt, type KubeObject } from './kube-object.js';
import { LineSplitter } from './line-splitter.js';
import { createTransport, isSilence, type ApiRequest, type ApiResponse } from './transport.js';

const REQUEST_TIMEOUT_MS = 30_000;
/** The API server stores objects of at most 1.5 MiB; their JSON with managed fields stays under this. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const RESET_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** One page of a list. */
export interface ListPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Set when there are more pages. */
  readonly continueToken?: string;
}

/** Which objects a list or a watch is about. */
export interface Selection {
  readonly labelSelector?: string;
  readonly signal?: AbortSignal;
}

/** What to list. */
export interface ListOptions extends Selection {
  readonly limit?: number;
  readonly continueToken?: string;
}

/** From where and how long to watch. */
export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  /** The API server ends the watch after this time. */
  readonly timeoutSeconds: number;
  /** The connection counts as dead after this silence, in milliseconds. Bookmarks come about every minute. */
  readonly idleTimeoutMs: number;
  /** Called when the API server accepted the watch. */
  readonly onOpen?: () => void;
}

/** One event of a watch. A bookmark's object has only a resource version. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

/** How to apply an object. */
export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields over from other managers. @default false */
  readonly force?: boolean;
  /** Let the API server compute the result without storing it. @default false */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Talks to an API server. Every method throws a classified error of `src/base/errors.ts`, and `cancelled/superseded` when its signal fires. */
export interface KubeClient {
  /** The JSON answer of any path, such as a discovery document; undefined for 404. */
  read(path: string, signal?: AbortSignal): Promise<unknown>;
  /** One object; undefined when it is not there. */
  get(path: string, signal?: AbortSignal): Promise<KubeObject | undefined>;
  list(path: string, options?: ListOptions): Promise<ListPage>;
  /** Yields events until the API server ends the watch. */
  watch(path: string, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined>;
  /** Server-side apply. `body` is the object as JSON. Gives the object that results. */
  apply(path: string, body: Buffer, options: ApplyOptions): Promise<KubeObject>;
  /** Creates an object in the collection at the path. `body` is the object as JSON. */
  create(path: string, body: Buffer, signal?: AbortSignal): Promise<KubeObject>;
  /** Replaces an object, if it still has the resource version that the body names. */
  replace(path: string, body: Buffer, signal?: AbortSignal): Promise<KubeObject>;
  /** Deletes one object; gives false when it was not there. */
  delete(path: string, signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Options of {@link createKubeClient}. */
export interface KubeClientOptions {
  readonly access: ClusterAccess;
  /** @default systemClock */
  readonly clock?: Clock;
  /** The environment for a credential plugin. @default - empty */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long an answer may take, in milliseconds. @default 30 seconds */
  readonly requestTimeoutMs?: number;
}

/** Makes a client of one API server. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const { access, clock = systemClock, env = {}, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const transport = createTransport(access, createCredentials(access, clock, env));
  const timeouts = { headersTimeoutMs: requestTimeoutMs, idleTimeoutMs: requestTimeoutMs };

  async function open(request: ApiRequest, isRetry = false): Promise<ApiResponse> {
    const what = describe(request);
    try {
      const answer = await transport.send(request);
      const { response } = answer;
      if (response.statusCode < 300) {
        return answer;
      }
      const text = await readText(response.body, what).catch(() => '');
      throw classifyResponse(
        {
          code: response.statusCode,
          body: parseOrUndefined(text),
          retryAfter: headerOf(response, 'retry-after'),
          isPrivate: request.body !== undefined,
        },
        what,
      );
    } catch (error) {
      if (!isRetry && RESET_CODES.has(textAt(error, 'code') ?? '')) {
        return open(request, true);
      }
      throw classifyThrown(error, what);
    }
  }

  async function json(request: ApiRequest): Promise<unknown> {
    const { response } = await open(request);
    const what = describe(request);
    const text = await readText(response.body, what).catch((error: unknown) => {
      throw classifyThrown(error, what);
    });
    const parsed = parseOrUndefined(text);
    if (parsed === undefined) {
      throw new TransientError(
        'cluster/unreachable',
        `${what}: the answer is no JSON; is ${access.server} an API server?`,
      );
    }
    return parsed;
  }

  async function absentAsUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
    try {
      return await promise;
    } catch (error) {
      if (findStatus(error)?.code === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async function write(method: 'POST' | 'PUT', path: string, body: Buffer, signal?: AbortSignal): Promise<KubeObject> {
    const contentType = 'application/json';
    return objectOf(await json({ method, path, body, contentType, ...timeouts, signal }), path);
  }

  return {
    read: (path, signal) => absentAsUndefined(json({ method: 'GET', path, ...timeouts, signal })),
    async get(path, signal) {
      const found = await absentAsUndefined(json({ method: 'GET', path, ...timeouts, signal }));
      return found === undefined ? undefined : objectOf(found, path);
    },
    async list(path, { labelSelector, limit, continueToken, signal } = {}) {
      const query = queryOf({ labelSelector, limit, continue: continueToken });
      const answer = await json({ method: 'GET', path: path + query, ...timeouts, signal });
      const next = textAt(answer, 'metadata', 'continue');
      return {
        items: itemsAt(answer, 'items').map((item) => objectOf(item, path)),
        resourceVersion: textAt(answer, 'metadata', 'resourceVersion') ?? '',
        ...(next === undefined || next === '' ? {} : { continueToken: next }),
      };
    },
    async *watch(path, watchOptions) {
      const { labelSelector, resourceVersion, timeoutSeconds, idleTimeoutMs, onOpen, signal } = watchOptions;
      const query = queryOf({ watch: 1, allowWatchBookmarks: 'true', labelSelector, resourceVersion, timeoutSeconds });
      const answer = await open({
        method: 'GET',
        path: path + query,
        headersTimeoutMs: requestTimeoutMs,
        idleTimeoutMs,
        signal,
      });
      onOpen?.();
      yield* watchEvents(answer, `watch ${path}`);
    },
    async apply(path, body, { fieldManager, force, dryRun, signal }) {
      const query = queryOf({ fieldManager, force, dryRun: dryRun === true ? 'All' : undefined });
      const contentType = 'application/apply-patch+yaml';
      const answer = await json({ method: 'PATCH', path: path + query, body, contentType, ...timeouts, signal });
      return objectOf(answer, path);
    },
    create: (path, body, signal) => write('POST', path, body, signal),
    replace: (path, body, signal) => write('PUT', path, body, signal),
    async delete(path, signal) {
      return (await absentAsUndefined(json({ method: 'DELETE', path, ...timeouts, signal }))) !== undefined;
    },
    close: () => transport.close(),
  };
}

async function* watchEvents(
  { response, distrust }: ApiResponse,
  what: string,
): AsyncGenerator<WatchEvent, void, undefined> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  try {
    for await (const chunk of response.body as AsyncIterable<unknown>) {
      for (const line of splitter.push(chunk as Buffer)) {
        yield watchEventOf(line, what);
      }
    }
  } catch (error) {
    if (isSilence(error)) {
      distrust();
    }
    throw classifyThrown(error, what);
  }
}

function watchEventOf(line: string, what: string): WatchEvent {
  const event = parseOrUndefined(line);
  const type = textAt(event, 'type');
  const object = isRecord(event) ? event['object'] : undefined;
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK') {
    return { type, object: objectOf(object, what) };
  }
  if (type === 'ERROR') {
    throw classifyResponse({ code: numberAt(object, 'code') ?? 500, body: object, isPrivate: false }, what);
  }
  throw new TransientError('cluster/unreachable', `${what}: a line of the watch is no event`);
}

function objectOf(value: unknown, what: string): KubeObject {
  if (!isRecord(value) || !isRecord(value['metadata'])) {
    throw new TransientError('cluster/unreachable', `${what}: the answer is no object`);
  }
  return value as KubeObject;
}

function describe({ method, path }: ApiRequest): string {
  return `${method} ${path.split('?')[0] ?? ''}`;
}

function queryOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      query.set(name, String(value));
    }
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readText(body: AsyncIterable<unknown>, what: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += (part as Buffer).length;
    if (size > MAX_ANSWER_BYTES) {
      throw new TransientError('cluster/unreachable', `${what}: the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts, size).toString('utf8');
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
