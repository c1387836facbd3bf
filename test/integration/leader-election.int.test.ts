import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { leaseNameOf, leaseRights } from '../../src/app/lease-rights.js';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import type { ClusterAccess } from '../../src/cluster/access.js';
import { createKubeClient, type KubeClient } from '../../src/cluster/client.js';
import { createLeaseLock } from '../../src/cluster/lease-lock.js';
import { createElector, type Elector } from '../../src/driver/elector.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { TestControlPlane } from '../cluster/control-plane.js';
import { FaultyApi } from '../support/faulty-api.js';

/** As in production, but faster. */
const TIMINGS = { leaseMs: 3_000, renewDeadlineMs: 1_500, retryMs: 200 };
const NAME = leaseNameOf('prodesk');
const COLLECTION = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

let plane: TestControlPlane;
let api: FaultyApi;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  plane = await TestControlPlane.start();
  api = await FaultyApi.start(plane);
});
afterEach(async () => {
  api.faultOf = () => undefined;
  await Promise.all(ends.splice(0).map((end) => end()));
});
afterAll(async () => {
  await api.close();
  await plane.stop();
});

interface Candidate {
  readonly elector: Elector;
  readonly client: KubeClient;
}

function candidate(identity: string, name: string, more: Partial<ClusterAccess> = {}): Candidate {
  const client = createKubeClient({ access: plane.access(more) });
  const elector = createElector({
    lock: createLeaseLock(client, { namespace: 'default', name }),
    identity,
    clock: systemClock,
    monotonic: () => performance.now(),
    random: Math.random,
    logger: silentLogger,
    timings: TIMINGS,
    onChange: () => undefined,
  });
  ends.push(async () => {
    await elector.stop();
    await client.close();
  });
  elector.start();
  return { elector, client };
}

const leads = ({ elector }: Candidate) => waitUntil(() => Promise.resolve(elector.isLeader()), { what: 'the leader' });

describe('integration/leader-election', () => {
  it('of two that begin at the same time one leads, and both know who', async () => {
    const both = [candidate('a', 'both'), candidate('b', 'both')];
    await waitUntil(() => Promise.resolve(both.every(({ elector }) => elector.holder() !== undefined)), {
      what: 'a holder',
    });
    expect(both.filter(({ elector }) => elector.isLeader())).toHaveLength(1);
    expect(new Set(both.map(({ elector }) => elector.holder())).size).toBe(1);
    expect(await plane.send({ method: 'GET', path: `${COLLECTION}/both` })).toMatchObject({
      spec: { leaseDurationSeconds: 3, leaseTransitions: 0 },
    });
  });

  it('a leader that is cut off stops before the other one takes over, and follows when it is back', async () => {
    const cutOff = candidate('cut-off', 'cut', { server: api.url });
    await leads(cutOff);
    const other = candidate('other', 'cut');
    await waitUntil(() => Promise.resolve(other.elector.holder() === 'cut-off'), { what: 'the first holder' });
    let both = 0;
    const timer = setInterval(() => {
      both += cutOff.elector.isLeader() && other.elector.isLeader() ? 1 : 0;
    }, 5);
    try {
      api.faultOf = () => 'cut';
      await waitUntil(() => Promise.resolve(!cutOff.elector.isLeader()), { what: 'the end of its lead' });
      expect(other.elector.isLeader()).toBe(false);
      await leads(other);
      api.faultOf = () => undefined;
      await waitUntil(() => Promise.resolve(cutOff.elector.holder() === 'other'), { what: 'the new holder' });
    } finally {
      clearInterval(timer);
    }
    expect(cutOff.elector.isLeader()).toBe(false);
    expect(both).toBe(0);
    expect(await plane.send({ method: 'GET', path: `${COLLECTION}/cut` })).toMatchObject({
      spec: { holderIdentity: 'other', leaseTransitions: 1 },
    });
  });

  it('one that stops gives the lease back', async () => {
    const first = candidate('first', 'given');
    await leads(first);
    const second = candidate('second', 'given');
    const from = performance.now();
    await first.elector.stop();
    await leads(second);
    expect(performance.now() - from).toBeLessThan(TIMINGS.leaseMs);
  });

  it('after a restart of the API server the one that led leads again', async () => {
    const first = candidate('first', 'restart');
    await leads(first);
    await plane.killApiServer();
    await plane.startApiServer();
    await leads(first);
    expect(first.elector.holder()).toBe('first');
  });

  it('the rights that prodesk rbac gives are enough, and those of others are not', async () => {
    const account = { name: 'driver', namespace: 'default' };
    await plane.send({
      method: 'POST',
      path: '/api/v1/namespaces/default/serviceaccounts',
      body: { metadata: { name: account.name } },
    });
    for (const right of leaseRights(account, 'prodesk')) {
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/default/${right.kind.toLowerCase()}s`;
      await plane.send({ method: 'POST', path, body: right });
    }
    const { status } = await plane.send({
      method: 'POST',
      path: '/api/v1/namespaces/default/serviceaccounts/driver/token',
      body: { spec: { expirationSeconds: 3_600 } },
    });
    const { token } = status as { token: string };
    const allowed = candidate('allowed', NAME, { identity: { kind: 'token', token } });
    await leads(allowed);
    const foreign = createLeaseLock(allowed.client, { namespace: 'default', name: 'both' });
    await expect(foreign.read()).rejects.toMatchObject({ code: 'cluster/denied' });
  });
});
