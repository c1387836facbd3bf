import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { track } from '../../src/app/tracking.js';
import { createKubeClient, type KubeClient } from '../../src/cluster/client.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { applyAsEngine, Observed } from '../cluster/observed-app.js';
import {
  newTestStack,
  requestFor,
  startTestCluster,
  webApp,
  type TestCluster,
  type TestStack,
} from '../engine/test-engine.js';
import { FaultyApi, type Fault, type SeenRequest } from '../support/faulty-api.js';

const FAST = {
  backoff: { minMs: 50, maxMs: 400 },
  kindRetry: { minMs: 50, maxMs: 400 },
  graceMs: 100,
  probeMs: 50,
  retryMs: 50,
};
const pathOf = (name: string): string => `/api/v1/namespaces/default/configmaps/${name}`;
const configMap = (name: string, value = 'a'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { key: value },
});

let cluster: TestCluster;
let api: FaultyApi;
let client: KubeClient;
const opened: Observed[] = [];

beforeAll(async () => {
  cluster = await startTestCluster();
  api = await FaultyApi.start(cluster.plane);
  client = cluster.plane.client();
});
afterEach(async () => {
  api.faultOf = () => undefined;
  api.requests.length = 0;
  await Promise.all(opened.splice(0).map(({ observer }) => observer.stop()));
});
afterAll(async () => {
  await client.close();
  await api.close();
  await cluster.stop();
});

/** An observer behind the proxy that sees one object, which is there. */
async function watching(name: string): Promise<Observed> {
  await applyAsEngine(client, pathOf(name), track(configMap(name), name));
  const access = cluster.plane.access({ server: api.url });
  const observed = await new Observed(cluster.plane, { client: createKubeClient({ access }), timings: FAST }).start();
  opened.push(observed);
  observed.desire(name, configMap(name));
  return observed;
}

/** What was ever told of an application's objects. */
function statesToldOf(observed: Observed, name: string): () => ReadonlySet<string> {
  const states = new Set<string>();
  void observed
    .until(
      name,
      ({ objects }) => {
        objects.forEach(({ state }) => states.add(state));
        return false;
      },
      60_000,
    )
    .catch(() => undefined);
  return () => states;
}

/** Somebody changes the object, and later it is as it should be again. */
async function expectSeen(observed: Observed, name: string): Promise<void> {
  await applyAsEngine(client, pathOf(name), track(configMap(name, 'b'), name));
  await observed.untilState(name, 'drifted');
  await applyAsEngine(client, pathOf(name), track(configMap(name), name));
  await observed.untilState(name, 'synced');
}

describe('integration/cluster-faults', () => {
  describe('the observer', () => {
    it.each<readonly [string, Fault]>([
      ['status 429', { status: 429, retryAfter: 1 }],
      ['status 503', { status: 503 }],
      ['status 500', { status: 500 }],
      ['a connection that is cut before the answer', 'cut'],
      ['a connection that is cut within the answer', 'cut in the answer'],
    ])('%s, to all requests for a while, is survived, and nothing counts as missing for it', async (what, fault) => {
      const name = what.replaceAll(/\W+/g, '-').toLowerCase();
      let left = 6;
      api.faultOf = () => (left-- > 0 ? fault : undefined);
      const observed = await watching(name);
      const states = statesToldOf(observed, name);
      await observed.untilState(name, 'synced');
      left = 6;
      api.endWatches();
      await waitUntil(() => Promise.resolve(left <= 0 && api.watches > 0), { what: 'watches after the faults' });
      await expectSeen(observed, name);
      expect([...states()]).not.toContain('missing');
    });

    it('an API server that asks to wait is left alone for as long as it asks', async () => {
      const observed = await watching('patient');
      await observed.untilState('patient', 'synced');
      let refusals = 0;
      api.faultOf = ({ isWatch }) => (isWatch && refusals++ < 1 ? { status: 429, retryAfter: 2 } : undefined);
      const from = Date.now();
      api.endWatches();
      await waitUntil(() => Promise.resolve(refusals > 1 && api.watches > 0), { what: 'another watch' });
      expect(Date.now() - from).toBeGreaterThan(1_900);
      await expectSeen(observed, 'patient');
    });

    it('a slow API server only makes it later', async () => {
      api.faultOf = () => ({ delayMs: 300 });
      const observed = await watching('slow');
      await observed.untilState('slow', 'synced');
      await expectSeen(observed, 'slow');
    });

    it('a version that is gone makes it list again, and what changed meanwhile is seen', async () => {
      const observed = await watching('gone');
      await observed.untilState('gone', 'synced');
      const states = statesToldOf(observed, 'gone');
      api.faultOf = ({ isWatch }) => (isWatch ? { status: 410 } : undefined);
      api.endWatches({ gone: true });
      await applyAsEngine(client, pathOf('gone'), track(configMap('gone', 'b'), 'gone'));
      await observed.untilState('gone', 'drifted');
      api.faultOf = () => undefined;
      await applyAsEngine(client, pathOf('gone'), track(configMap('gone'), 'gone'));
      await observed.untilState('gone', 'synced');
      expect([...states()]).not.toContain('missing');
    });

    it('watches that are closed at once, again and again, are not opened in a storm', async () => {
      const observed = await watching('closed');
      await observed.untilState('closed', 'synced');
      api.requests.length = 0;
      const timer = setInterval(() => api.endWatches(), 5);
      try {
        await waitUntil(() => Promise.resolve(api.requests.filter(({ isWatch }) => isWatch).length > 6), {
          what: 'watches that are opened again',
        });
        const from = Date.now();
        const before = api.requests.length;
        await waitUntil(() => Promise.resolve(Date.now() - from > 1_000), { what: 'a second' });
        expect(api.requests.length - before).toBeLessThan(20);
      } finally {
        clearInterval(timer);
      }
      await expectSeen(observed, 'closed');
    });
  });

  describe('an update', () => {
    let stack: TestStack;

    beforeAll(async () => {
      const kubeconfig = join(cluster.plane.directory, 'kubeconfig-faulty');
      const text = await readFile(cluster.plane.kubeconfig, 'utf8');
      await writeFile(kubeconfig, text.replaceAll(cluster.plane.server, api.url));
      stack = await newTestStack({ ...cluster, kubeconfig });
    });
    afterAll(() => stack.stop());

    async function uids(): Promise<string[]> {
      const kinds = ['/apis/apps/v1/namespaces/prodesk/deployments', '/api/v1/namespaces/prodesk/configmaps'];
      const lists = await Promise.all(kinds.map((path) => cluster.plane.send({ method: 'GET', path })));
      const items = lists.flatMap((list) => list['items'] as { metadata: { name: string; uid: string } }[]);
      return items.map(({ metadata: { name, uid } }) => `${name} ${uid}`).sort();
    }

    /** As the daemon does: again, until it went well. */
    async function untilDone(tag: string): Promise<number> {
      const request = requestFor([webApp('one', tag), webApp('two', tag)]);
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        const failures = await stack.engine.update(request).then(
          (result) => result.failures,
          (error: unknown) => error,
        );
        if (Array.isArray(failures) && failures.length === 0) {
          return attempt;
        }
        await stack.engine.recover();
      }
      throw new Error('no update went well');
    }

    it('amid refusals, waits and cut connections converges, and deletes nothing', async () => {
      await untilDone('v1');
      const before = await uids();
      const faults: readonly Fault[] = [
        { status: 429, retryAfter: 1 },
        { delayMs: 200 },
        { status: 503 },
        'cut',
        'cut in the answer',
      ];
      let turn = 0;
      let faulty = 0;
      api.faultOf = ({ method }: SeenRequest) => {
        turn += 1;
        if (turn % 2 === 0 || faulty >= 10 || method === 'DELETE') {
          return undefined;
        }
        faulty += 1;
        return faults[faulty % faults.length];
      };
      for (const tag of ['v2', 'v3', 'v4']) {
        await untilDone(tag);
      }
      expect(faulty).toBeGreaterThan(4);
      expect(await uids()).toEqual(before);
      expect(api.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
      api.faultOf = () => undefined;
      const preview = await stack.engine.preview(
        requestFor([webApp('one', 'v4'), webApp('two', 'v4')], { scope: 'whole', adopt: false }),
      );
      expect(preview.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
    });
  });
});
