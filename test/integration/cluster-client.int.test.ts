import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../src/cluster/access.js';
import { createKubeClient, type KubeClient, type WatchEvent } from '../../src/cluster/client.js';
import { findClusterAccess } from '../../src/cluster/find-access.js';
import { TestControlPlane } from '../cluster/control-plane.js';

const configMaps = '/api/v1/namespaces/default/configmaps';
const body = (name: string, value: string, labels: object = {}) =>
  Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { value } }));

describe('integration/cluster-client', () => {
  let plane: TestControlPlane;
  const clients: KubeClient[] = [];
  beforeAll(async () => {
    plane = await TestControlPlane.start();
  });
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
  afterAll(() => plane.stop());

  function open(...args: Parameters<TestControlPlane['client']>): KubeClient {
    const client = plane.client(...args);
    clients.push(client);
    return client;
  }

  it.each<[form: string, identity: () => Identity]>([
    ['a token', () => ({ kind: 'token', token: 'administrator-token' })],
    ['a token file', () => ({ kind: 'token-file', path: file('token', 'administrator-token\n') })],
    [
      'a credential plugin',
      () => {
        const command = file('plugin', '#!/bin/sh\nprintf \'{"status":{"token":"%s"}}\' "$TOKEN"\n');
        chmodSync(command, 0o700);
        const plugin = {
          apiVersion: 'client.authentication.k8s.io/v1',
          command,
          args: [],
          env: { TOKEN: 'administrator-token' },
        };
        return { kind: 'exec', plugin };
      },
    ],
  ])('%s is accepted', async (_form, identity) => {
    expect(await open({ identity: identity() }).get('/api/v1/namespaces/default')).toMatchObject({
      metadata: { name: 'default' },
    });
  });

  function file(name: string, content: string): string {
    const path = join(plane.directory, name);
    writeFileSync(path, content);
    return path;
  }

  it('a kubeconfig and a service account folder lead to the cluster', async () => {
    const port = new URL(plane.server).port;
    const account = join(plane.directory, 'account');
    mkdirSync(account);
    writeFileSync(join(account, 'token'), 'administrator-token');
    writeFileSync(join(account, 'ca.crt'), plane.ca);
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port };
    for (const access of [
      findClusterAccess({ env: {}, kubeconfig: plane.kubeconfig }),
      findClusterAccess({ env, serviceAccountDirectory: account }),
    ]) {
      const client = createKubeClient({ access });
      clients.push(client);
      expect(await client.read('/version')).toMatchObject({ major: '1' });
    }
  });

  it('a token that was renewed in its file is used after the old one was refused', async () => {
    const path = file('renewed', 'wrong');
    const client = open({ identity: { kind: 'token-file', path } });
    await expect(client.read('/version')).rejects.toMatchObject({ code: 'cluster/denied' });
    writeFileSync(path, 'administrator-token');
    expect(await client.read('/version')).toBeDefined();
  });

  it('a plugin that fails is a refusal with what it said', async () => {
    const command = file('broken', '#!/bin/sh\necho "login first" >&2\nexit 3\n');
    chmodSync(command, 0o700);
    const plugin = { apiVersion: 'client.authentication.k8s.io/v1', command, args: [], env: {} };
    await expect(open({ identity: { kind: 'exec', plugin } }).read('/version')).rejects.toMatchObject({
      code: 'cluster/denied',
      message: `credential plugin ${command} failed (3): login first; run it by hand to see why`,
    });
  });

  it('a server whose certificate is not trusted is unreachable, and the flag that trusts it works', async () => {
    const { ca: _ca, ...untrusted } = plane.access();
    const strict = createKubeClient({ access: untrusted });
    const lenient = createKubeClient({ access: { ...untrusted, insecure: true } });
    clients.push(strict, lenient);
    await expect(strict.read('/version')).rejects.toMatchObject({ code: 'cluster/unreachable' });
    expect(await lenient.read('/version')).toBeDefined();
  });

  it('an object is applied, read, listed in pages and deleted', async () => {
    const client = open();
    const options = { fieldManager: 'prodesk' };
    for (const name of ['page-1', 'page-2', 'page-3']) {
      await client.apply(`${configMaps}/${name}`, body(name, 'a', { set: 'pages' }), options);
    }
    const labelSelector = 'set=pages';
    const first = await client.list(configMaps, { labelSelector, limit: 2 });
    expect(first.items.map(({ metadata }) => metadata.name)).toEqual(['page-1', 'page-2']);
    const second = await client.list(configMaps, { labelSelector, limit: 2, continueToken: first.continueToken ?? '' });
    expect([second.items.length, second.continueToken]).toEqual([1, undefined]);
    expect(await client.delete(`${configMaps}/page-1`)).toBe(true);
    expect(await client.delete(`${configMaps}/page-1`)).toBe(false);
    expect(await client.get(`${configMaps}/page-1`)).toBeUndefined();
  });

  it('a dry run gives the result and stores nothing', async () => {
    const client = open();
    const path = `${configMaps}/dry`;
    expect(await client.apply(path, body('dry', 'a'), { fieldManager: 'prodesk', dryRun: true })).toMatchObject({
      data: { value: 'a' },
    });
    expect(await client.get(path)).toBeUndefined();
  });

  it('a conflict names the field and its owner, and force takes it', async () => {
    const client = open();
    const path = `${configMaps}/contested`;
    await client.apply(path, body('contested', 'theirs'), { fieldManager: 'them' });
    await expect(client.apply(path, body('contested', 'ours'), { fieldManager: 'us' })).rejects.toMatchObject({
      code: 'cluster/conflict',
      message: expect.stringContaining('.data.value (them)') as string,
    });
    expect(await client.apply(path, body('contested', 'ours'), { fieldManager: 'us', force: true })).toMatchObject({
      data: { value: 'ours' },
    });
  });

  it('a namespace that is not there is told', async () => {
    const apply = open().apply('/api/v1/namespaces/gone/configmaps/x', body('x', 'a'), { fieldManager: 'us' });
    await expect(apply).rejects.toMatchObject({
      code: 'cluster/rejected',
      message: expect.stringContaining('create namespace gone first') as string,
    });
  });

  it('a watch yields changes and bookmarks until it is cancelled', async () => {
    const client = open();
    const { resourceVersion } = await client.list(configMaps);
    const abort = new AbortController();
    const events: WatchEvent[] = [];
    const watching = (async () => {
      const options = {
        resourceVersion,
        timeoutSeconds: 60,
        idleTimeoutMs: 30_000,
        signal: abort.signal,
        labelSelector: 'set=watch',
      };
      for await (const event of client.watch(configMaps, options)) {
        events.push(event);
        if (event.type === 'DELETED') {
          abort.abort();
        }
      }
    })().catch((error: unknown) => error);
    await client.apply(`${configMaps}/watched`, body('watched', 'a', { set: 'watch' }), { fieldManager: 'us' });
    await client.delete(`${configMaps}/watched`);
    expect(await watching).toMatchObject({ code: 'cancelled/superseded' });
    expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
      ['ADDED', 'watched'],
      ['DELETED', 'watched'],
    ]);
  });

  it('a resource version that the API server no longer has is an answer of 410', async () => {
    const client = open();
    await plane.killApiServer();
    await plane.startApiServer();
    const watch = client.watch(configMaps, { resourceVersion: '1', timeoutSeconds: 5, idleTimeoutMs: 5_000 });
    await expect(watch.next()).rejects.toMatchObject({ cause: { code: 410 } });
  });
});

describe('integration/cluster-client: a server that misbehaves', () => {
  type Handler = (request: IncomingMessage, response: ServerResponse) => void;
  let server: Server | undefined;
  let client: KubeClient | undefined;
  afterEach(async () => {
    await client?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(...handlers: [Handler, ...Handler[]]): Promise<KubeClient> {
    let count = 0;
    server = createServer((request, response) => handlers[Math.min(count++, handlers.length - 1)]?.(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const access = {
      server: `http://127.0.0.1:${port}`,
      insecure: false,
      identity: { kind: 'none' },
      origin: 'test',
    } as const;
    client = createKubeClient({ access, requestTimeoutMs: 1_000 });
    return client;
  }

  const ok: Handler = (_request, response) => void response.end('{"metadata":{"name":"x"}}');
  const drop: Handler = (request) => void request.socket.destroy();
  const watchOptions = { resourceVersion: '1', timeoutSeconds: 5, idleTimeoutMs: 1_000 };

  it('a connection that is reset is tried once more', async () => {
    expect(await (await serve(drop, ok)).get('/x')).toEqual({ metadata: { name: 'x' } });
  });

  it('a connection that is reset again is unreachable', async () => {
    await expect((await serve(drop)).get('/x')).rejects.toMatchObject({ code: 'cluster/unreachable' });
  });

  it('a limit with Retry-After tells how long to wait', async () => {
    const limited: Handler = (_request, response) =>
      void response.writeHead(429, { 'retry-after': '3' }).end('slow down');
    await expect((await serve(limited)).get('/x')).rejects.toMatchObject({ retryAfterMs: 3000, disposition: 'retry' });
  });

  it.each([
    ['no JSON', '<html>'],
    ['no object', '[]'],
  ])('an answer that is %s is unreachable', async (_what, text) => {
    await expect((await serve((_request, response) => void response.end(text))).get('/x')).rejects.toMatchObject({
      code: 'cluster/unreachable',
    });
  });

  it('an answer that does not come is unreachable', async () => {
    await expect((await serve(() => undefined)).get('/x')).rejects.toMatchObject({ code: 'cluster/unreachable' });
  });

  it('a watch whose line has no end is refused', async () => {
    const endless: Handler = (_request, response) => {
      const send = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1024 * 1024)));
      };
      response.on('drain', send);
      send();
    };
    const watch = (await serve(endless)).watch('/x', watchOptions);
    await expect(watch.next()).rejects.toMatchObject({
      message: expect.stringContaining('a line is longer than') as string,
    });
  });

  it('a watch that goes silent is unreachable', async () => {
    const silent: Handler = (_request, response) => response.flushHeaders();
    await expect((await serve(silent)).watch('/x', watchOptions).next()).rejects.toMatchObject({
      code: 'cluster/unreachable',
    });
  });

  it('a watch that ends in the middle of a line drops the half', async () => {
    const half: Handler = (_request, response) =>
      void response.end('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n{"type":"ADD');
    const names: string[] = [];
    for await (const { object } of (await serve(half)).watch('/x', watchOptions)) {
      names.push(object.metadata.name);
    }
    expect(names).toEqual(['a']);
  });
});
