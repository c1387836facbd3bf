import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createStore, type FakeImageOptions, type FakeLayer, ZERO_DIGEST } from './fake-registry-store.js';

/** Requests by what they ask for. */
export type RequestKind = 'tags' | 'manifest' | 'blob' | 'token' | 'any';

/** One answer that differs from the right one. */
export interface Fault {
  /** @default any */
  readonly on?: RequestKind;
  /** How many requests it meets, then it is over. @default - all of them */
  readonly times?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `cut`: half of the right body, then the connection ends. `hang`: no answer at all. `reset`: the connection ends before an answer. `corrupt`: one byte of the right body differs. */
  readonly how?: 'cut' | 'hang' | 'reset' | 'corrupt';
}

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly kind: RequestKind;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
}

/** Options of {@link startFakeRegistry}. */
export interface FakeRegistryOptions {
  /** `bearer`: tokens from `/token`, which a login is needed for when one is given. `basic`: the login on each request. @default - anonymous */
  readonly auth?: 'bearer' | 'basic';
  /** The only login that is accepted. @default - with `bearer`, anybody gets a token */
  readonly login?: { readonly username: string; readonly password: string };
  /** The token service in the challenge. @default - `/token` of this registry */
  readonly realm?: string;
  /** The tokens that count; registries that share them accept each other's. @default - those of this registry */
  readonly tokens?: Set<string>;
  /** How long a token is valid for, in seconds, as the token service says. @default 300 */
  readonly tokenLifeS?: number;
  /** The most tags in one page, whatever is asked for. @default 1000 */
  readonly pageSize?: number;
  /** Give tag pages an entity tag and answer 304. @default false */
  readonly etags?: boolean;
}

/**
 * A registry on 127.0.0.1 that holds images in memory, speaks the read side of the distribution API over real HTTP, and fails as told.
 * Hand `endpoints` to `createRegistry` to let it stand in for a host.
 */
export interface FakeRegistry {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The `endpoints` option that makes this registry answer for hosts. */
  endpoints(...hosts: string[]): Record<string, { url: string }>;
  /** Puts an image behind a tag, in the place of what was there. `repository` is without a host. Returns the digest that the tag points to. */
  addImage(repository: string, tag: string, options?: FakeImageOptions): string;
  /** Puts layers behind a tag of their own, as cosign does. */
  addArtifact(repository: string, tag: string, layers: readonly FakeLayer[]): void;
  /** Lets an artifact with these layers refer to a digest, by the referrers API or, with `tag`, by the tag that stands in for it. */
  addReferrer(repository: string, digest: string, artifactType: string, layers: readonly FakeLayer[], by?: 'tag'): void;
  /** Adds tags that have no image: for long lists. */
  addTags(repository: string, tags: readonly string[]): void;
  removeTag(repository: string, tag: string): void;
  /** From now on answers differ. Faults are tried in the order they came; returns a function that ends this one. */
  fail(fault: Fault): () => void;
  /** Makes tokens that were handed out invalid, as a registry that rotates its keys does. */
  revokeTokens(): void;
  /** All requests so far. */
  readonly requests: readonly SeenRequest[];
  /** How many of a kind came so far. */
  count(kind: RequestKind, method?: string): number;
  stop(): Promise<void>;
}

/** Starts an empty registry on a free port. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const store = createStore();
  const faults: { fault: Fault; left: number }[] = [];
  const requests: SeenRequest[] = [];
  const access = createAccess(options);

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', url0());
    const seen = {
      method: request.method ?? 'GET',
      kind: kindOf(url.pathname),
      url: request.url ?? '/',
      authorization: request.headers.authorization,
      host: request.headers.host,
    };
    requests.push(seen);
    const active = faults.find(({ fault, left }) => left > 0 && [seen.kind, 'any', undefined].includes(fault.on));
    if (active !== undefined) {
      active.left -= 1;
    }
    const answer = access(request, url) ?? answerOf(store, request, url, options);
    deliver(request, response, answer, active?.fault);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url0 = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = url0();

  return {
    url,
    requests,
    endpoints: (...hosts) => Object.fromEntries(hosts.map((host) => [host, { url }])),
    addImage: (repository, tag, image = {}) => store.addImage(repository, tag, image),
    addArtifact: (repository, tag, layers) => void store.tagsOf(repository).set(tag, store.putArtifact(layers).digest),
    addReferrer: (repository, digest, artifactType, layers, by) =>
      store.addReferrer(repository, digest, { ...store.putArtifact(layers), artifactType }, by === 'tag'),
    addTags: (repository, tags) => {
      const known = store.tagsOf(repository);
      for (const tag of tags) {
        known.set(tag, ZERO_DIGEST);
      }
    },
    removeTag: (repository, tag) => void store.tagsOf(repository).delete(tag),
    fail: (fault) => {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults.push(entry);
      return () => void (entry.left = 0);
    },
    revokeTokens: access.revoke,
    count: (kind, method) =>
      requests.filter((seen) => seen.kind === kind && (method ?? seen.method) === seen.method).length,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

function kindOf(path: string): RequestKind {
  if (path === '/token') {
    return 'token';
  }
  return path.endsWith('/tags/list')
    ? 'tags'
    : path.includes('/manifests/')
      ? 'manifest'
      : path.includes('/blobs/')
        ? 'blob'
        : 'any';
}

function createAccess({ auth, login, realm, tokenLifeS = 300, tokens: valid = new Set() }: FakeRegistryOptions) {
  const expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const check = (request: IncomingMessage, url: URL): Answer | undefined => {
    const { authorization } = request.headers;
    if (url.pathname === '/token') {
      if (expected !== undefined && authorization !== expected) {
        return jsonAnswer(401, { errors: [{ code: 'UNAUTHORIZED' }] });
      }
      const token = `token-${url.searchParams.get('scope')}-${Math.random()}`.replace(/[^\w-]/g, '_');
      valid.add(`Bearer ${token}`);
      return jsonAnswer(200, { token, expires_in: tokenLifeS });
    }
    if (auth === undefined || (auth === 'basic' ? authorization === expected : valid.has(authorization ?? ''))) {
      return undefined;
    }
    const here = `http://${request.headers.host}/token`;
    const challenge =
      auth === 'basic'
        ? 'Basic realm="fake"'
        : `Bearer realm="${realm ?? here}",service="fake",scope="repository:x:pull"`;
    return jsonAnswer(401, { errors: [{ code: 'UNAUTHORIZED' }] }, { 'www-authenticate': challenge });
  };
  return Object.assign(check, { revoke: () => valid.clear() });
}

function answerOf(
  store: ReturnType<typeof createStore>,
  request: IncomingMessage,
  url: URL,
  options: FakeRegistryOptions,
): Answer {
  const [, repository = '', what = '', reference = ''] =
    /^\/v2\/(.+)\/(tags|manifests|blobs|referrers)\/([^/]+)$/.exec(url.pathname) ?? [];
  const tags = store.repositories.get(repository);
  if (tags === undefined) {
    return jsonAnswer(404, { errors: [{ code: 'NAME_UNKNOWN' }] });
  }
  if (what === 'tags') {
    return tagsAnswer(repository, [...tags.keys()].sort(), request, url, options);
  }
  if (what === 'referrers') {
    const index = store.referrersOf(reference);
    return index === undefined ? jsonAnswer(404, { errors: [{ code: 'UNKNOWN' }] }) : jsonAnswer(200, index);
  }
  const digest = reference.startsWith('sha256:') ? reference : tags.get(reference);
  const content = store.contents.get(digest ?? '');
  if (digest === undefined || content === undefined) {
    return jsonAnswer(404, { errors: [{ code: what === 'blobs' ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN' }] });
  }
  const type = what === 'blobs' ? 'application/octet-stream' : content.type;
  return { status: 200, headers: { 'content-type': type, 'docker-content-digest': digest }, bytes: content.bytes };
}

function tagsAnswer(
  name: string,
  all: readonly string[],
  request: IncomingMessage,
  url: URL,
  { pageSize = 1000, etags = false }: FakeRegistryOptions,
): Answer {
  const size = Math.min(Number(url.searchParams.get('n') ?? pageSize), pageSize);
  const last = url.searchParams.get('last');
  const rest = last === null ? all : all.filter((tag) => tag > last);
  const tags = rest.slice(0, size);
  const etag = `"${createHash('sha256').update(tags.join()).digest('hex')}"`;
  const more =
    rest.length > size
      ? `</v2/${name}/tags/list?n=${size}&last=${encodeURIComponent(tags.at(-1) ?? '')}>; rel="next"`
      : undefined;
  const headers = { ...(etags ? { etag } : {}), ...(more === undefined ? {} : { link: more }) };
  if (etags && request.headers['if-none-match'] === etag) {
    return { status: 304, headers, bytes: Buffer.alloc(0) };
  }
  return jsonAnswer(200, { name, tags }, headers);
}

function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    bytes: Buffer.from(JSON.stringify(value)),
  };
}

function deliver(request: IncomingMessage, response: ServerResponse, right: Answer, fault: Fault | undefined): void {
  if (fault?.how === 'hang') {
    return;
  }
  if (fault?.how === 'reset') {
    request.socket.destroy();
    return;
  }
  const status = fault?.status ?? right.status;
  const bytes =
    fault?.body !== undefined ? Buffer.from(fault.body) : fault?.status === undefined ? right.bytes : Buffer.alloc(0);
  const sent = fault?.how === 'corrupt' ? corrupted(bytes) : bytes;
  const headers = fault?.status === undefined ? { ...right.headers, ...fault?.headers } : { ...fault.headers };
  response.writeHead(status, { ...headers, ...(status === 304 ? {} : { 'content-length': String(sent.length) }) });
  if (request.method === 'HEAD') {
    response.end();
  } else if (fault?.how === 'cut') {
    response.write(sent.subarray(0, Math.floor(sent.length / 2)), () => request.socket.destroy());
  } else {
    response.end(sent);
  }
}

function corrupted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.lastIndexOf('0');
  copy[at < 0 ? 0 : at] = '1'.charCodeAt(0);
  return copy;
}
