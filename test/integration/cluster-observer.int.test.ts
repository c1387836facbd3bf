import { createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { track } from '../../src/app/tracking.js';
import type { LogFields, Logger } from '../../src/base/logger.js';
import type { KubeClient } from '../../src/cluster/client.js';
import type { ClusterObserverOptions } from '../../src/cluster/observer.js';
import { TestControlPlane } from '../cluster/control-plane.js';
import { applyAsEngine, Observed } from '../cluster/observed-app.js';

const FAST = {
  backoff: { minMs: 50, maxMs: 200 },
  kindRetry: { minMs: 50, maxMs: 200 },
  graceMs: 100,
  probeMs: 50,
  retryMs: 50,
};
const configMapPath = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
const configMap = (name: string, value = 'a'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { key: value },
});

let plane: TestControlPlane;
let client: KubeClient;
const opened: Observed[] = [];
beforeAll(async () => {
  plane = await TestControlPlane.start();
  client = plane.client();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ observer }) => observer.stop()));
});
afterAll(async () => {
  await client.close();
  await plane.stop();
});

async function observe(options: Partial<ClusterObserverOptions> = {}): Promise<Observed> {
  const observed = new Observed(plane, { timings: FAST, ...options });
  opened.push(observed);
  return observed.start();
}

async function establish(observed: Observed, name: string): Promise<void> {
  observed.desire(name, configMap(name));
  await applyAsEngine(client, configMapPath(name), track(configMap(name), name));
  await observed.untilState(name, 'synced');
}

describe('integration/cluster-observer', () => {
  it('a killed API server makes the state unknown, and its return brings back state and watches', async () => {
    const observed = await observe();
    await establish(observed, 'survivor');
    await plane.killApiServer();
    const lost = await observed.untilState('survivor', 'unknown');
    expect(lost).toMatchObject({ drift: [], health: { status: 'Unknown' } });
    expect(observed.observer.connection()).toMatchObject({ reachable: false });
    await plane.startApiServer();
    await observed.untilState('survivor', 'synced');
    expect(observed.observer.connection().reachable).toBe(true);
    await applyAsEngine(client, configMapPath('survivor'), track(configMap('survivor', 'b'), 'survivor'));
    expect((await observed.untilState('survivor', 'drifted')).drift).toEqual(['/data/key']);
  });

  it('a change while nobody watched is seen after the API server is back', async () => {
    const observed = await observe();
    await establish(observed, 'unseen');
    const proxied = await Proxy.start(plane);
    const behind = new Observed(plane, { client: proxied.client(), timings: FAST });
    opened.push(behind);
    await behind.start();
    behind.desire('unseen', configMap('unseen'));
    await behind.untilState('unseen', 'synced');
    await proxied.cut();
    await behind.untilState('unseen', 'unknown');
    await applyAsEngine(client, configMapPath('unseen'), track(configMap('unseen', 'b'), 'unseen'));
    await observed.untilState('unseen', 'drifted');
    await proxied.open();
    expect((await behind.untilState('unseen', 'drifted')).drift).toEqual(['/data/key']);
    await proxied.cut();
  });

  it('a connection that went silent is replaced', async () => {
    await establish(await observe(), 'silent');
    const proxied = await Proxy.start(plane);
    const behind = new Observed(plane, { client: proxied.client(), timings: { ...FAST, idleMs: 1_500 } });
    opened.push(behind);
    await behind.start();
    behind.desire('silent', configMap('silent'));
    await behind.untilState('silent', 'synced');
    proxied.freeze();
    await applyAsEngine(client, configMapPath('silent'), track(configMap('silent', 'b'), 'silent'));
    expect((await behind.untilState('silent', 'drifted')).drift).toEqual(['/data/key']);
    await proxied.cut();
  });

  it('a kind that appears later is watched, and its absence does not stop other kinds', async () => {
    const observed = await observe();
    const widget: Manifest = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
      spec: { size: 1 },
    };
    observed.desire('widgets', widget);
    await establish(observed, 'beside');
    const absent = (await observed.until('widgets', ({ objects }) => objects[0]?.problem !== undefined)).objects[0];
    expect(absent).toMatchObject({ state: 'unknown', health: { status: 'Missing' } });
    await plane.send({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: WIDGETS,
    });
    await observed.untilState('widgets', 'missing');
    const path = '/apis/example.com/v1/namespaces/default/widgets/w';
    await applyAsEngine(client, path, track(widget, 'widgets'));
    await observed.untilState('widgets', 'synced');
    await plane.send({
      method: 'DELETE',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com',
    });
    await observed.until('widgets', ({ objects }) => objects[0]?.state !== 'synced');
    await establish(observed, 'beside-still');
  });

  it('refresh reads the objects now, and a cancelled one throws', async () => {
    const observed = await observe();
    await establish(observed, 'fresh');
    await plane.send({ method: 'DELETE', path: configMapPath('fresh') });
    const { objects, health } = await observed.observer.refresh('fresh');
    expect([objects[0]?.state, health.status]).toEqual(['missing', 'Missing']);
    await expect(observed.observer.refresh('fresh', AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled/superseded',
    });
  });

  it('equal objects set again cost no request, and a forgotten application has no objects', async () => {
    const observed = await observe();
    await establish(observed, 'again');
    const told = observed.told.length;
    observed.desire('again', configMap('again'));
    expect(observed.observer.observe('again').objects[0]?.state).toBe('synced');
    observed.observer.forget('again');
    expect(observed.observer.observe('again').objects).toEqual([]);
    expect(observed.told.length).toBe(told);
  });

  it('pods of the current rollout that cannot be pulled make the application failing', async () => {
    const observed = await observe();
    const labels = { app: 'news' };
    const path = '/apis/apps/v1/namespaces/default/deployments/news';
    const news: Manifest = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'news', namespace: 'default' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'news', image: 'ghcr.io/x/news:master-placeholder' }] },
        },
      },
    };
    observed.desire('news', news);
    await applyAsEngine(client, path, track(news, 'news'));
    await observed.until('news', ({ health }) => health.message === '0 of 1 new replicas are available');
    const pods = '/api/v1/namespaces/default/pods';
    const list = (await plane.send({ method: 'GET', path: `${pods}?labelSelector=app%3Dnews` })) as {
      items: { metadata: { name: string } }[];
    };
    const pod = list.items[0]?.metadata.name ?? '';
    const waiting = {
      name: 'news',
      image: 'x',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ImagePullBackOff' } },
    };
    await plane.send({
      method: 'PATCH',
      path: `${pods}/${pod}/status`,
      body: { status: { containerStatuses: [waiting] } },
      contentType: 'application/merge-patch+json',
    });
    const { health } = await observed.until('news', (seen) => seen.health.failing !== undefined);
    expect(health).toMatchObject({ status: 'Progressing', failing: 'ImagePullBackOff' });
    expect(health.message).toContain(`pod ${pod}, container news: ImagePullBackOff`);
  });

  it('a credential without permission is told as the problem', async () => {
    const reader = plane.client({ identity: { kind: 'token', token: 'reader-token' } });
    const observed = await observe({ client: reader });
    observed.desire('denied', configMap('denied'));
    const { objects } = await observed.until('denied', (seen) => seen.objects[0]?.problem !== undefined);
    expect(objects[0]?.problem).toContain('User "reader" cannot list resource "configmaps"');
  });

  it('secret values are in no log line, observation or error, whatever happens to them', async () => {
    const lines: string[] = [];
    const observed = await observe({ logger: recordingLogger(lines) });
    const values = ['c3VwZXItc2VjcmV0LW9uZQ==', 'c3VwZXItc2VjcmV0LXR3bw==', 'not base64: super-secret-three'];
    const secret = (value: string): Manifest => ({ ...configMap('hidden'), kind: 'Secret', data: { PASSWORD: value } });
    const path = '/api/v1/namespaces/default/secrets/hidden';
    const record = (): unknown => lines.push(JSON.stringify(observed.observer.observe('hidden')));
    observed.desire('hidden', secret(values[0] ?? ''));
    await applyAsEngine(client, path, track(secret(values[0] ?? ''), 'hidden'));
    await observed.untilState('hidden', 'synced');
    record();
    observed.desire('hidden', secret(values[1] ?? ''));
    expect((await observed.untilState('hidden', 'drifted')).drift).toEqual(['/data/PASSWORD']);
    record();
    observed.desire('hidden', secret(values[2] ?? ''));
    await observed.until('hidden', ({ objects }) => objects[0]?.problem !== undefined);
    record();
    const error: unknown = await applyAsEngine(client, path, secret(values[2] ?? '')).catch(
      (thrown: unknown) => thrown,
    );
    lines.push(describeDeeply(error));
    await plane.killApiServer();
    await observed.untilState('hidden', 'unknown');
    record();
    await plane.startApiServer();
    expect(lines.length).toBeGreaterThan(5);
    for (const value of [...values, 'super-secret']) {
      expect(lines.filter((line) => line.includes(value))).toEqual([]);
    }
  });

  it('stop is idempotent and leaves nothing to call back', async () => {
    const observed = await observe();
    await establish(observed, 'stopped');
    const told = observed.told.length;
    await Promise.all([observed.observer.stop(), observed.observer.stop()]);
    await expect(observed.observer.refresh('stopped')).rejects.toMatchObject({ code: 'cancelled/shutdown' });
    expect(observed.told.length).toBe(told);
  });
});

const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

function recordingLogger(lines: string[]): Logger {
  const record =
    (level: string) =>
    (message: string, fields?: LogFields): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  const logger: Logger = {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    child: () => logger,
  };
  return logger;
}

/** Everything that a logger could print of an error. */
function describeDeeply(error: unknown): string {
  return error instanceof Error
    ? `${error.stack ?? ''} ${JSON.stringify(error)} ${error.message} ${describeDeeply(error.cause)}`
    : (JSON.stringify(error) ?? '');
}

/** Stands between a client and the API server: it can drop its connections, or keep them open without passing anything on. */
class Proxy {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(private readonly plane: TestControlPlane) {}

  static async start(target: TestControlPlane): Promise<Proxy> {
    const proxy = new Proxy(target);
    await proxy.open();
    return proxy;
  }

  client(): KubeClient {
    return this.plane.client({ server: `https://127.0.0.1:${this.#port}` });
  }

  async open(): Promise<void> {
    const target = Number(new URL(this.plane.server).port);
    const server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      near.pipe(far);
      far.pipe(near);
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#server = server;
  }

  /** Ends all connections and refuses new ones. */
  async cut(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    const server = this.#server;
    if (server !== undefined) {
      server.close();
      await once(server, 'close');
    }
    this.#server = undefined;
  }

  /** Keeps the open connections and passes nothing on over them. New ones work. */
  freeze(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }
}
