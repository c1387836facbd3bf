import { describe, expect, it } from 'vitest';
import { CancelledError, TransientError } from '../../src/base/errors.js';
import { Connection } from '../../src/cluster/connection.js';
import { classifyResponse } from '../../src/cluster/failure.js';
import { DEFAULT_TIMINGS } from '../../src/cluster/timings.js';
import { FakeClient } from './fake-client.js';
import { FakeClock, settle } from './fake-clock.js';

const refused = new TransientError('cluster/unreachable', 'connect ECONNREFUSED');

function create() {
  const client = new FakeClient();
  client.documents.set('/version', {});
  const clock = new FakeClock();
  const told: boolean[] = [];
  const connection = new Connection({
    client,
    clock,
    timings: DEFAULT_TIMINGS,
    onChange: (reachable) => told.push(reachable),
  });
  return { client, clock, told, connection };
}

describe('cluster/connection', () => {
  it('a first answer makes the cluster reachable', async () => {
    const { connection, clock, told } = create();
    expect(connection.status().reachable).toBe(false);
    await connection.start();
    expect(connection.status()).toEqual({ reachable: true, since: clock.now() });
    expect(told).toEqual([true]);
    await connection.stop();
  });

  it('a cluster that does not answer at start is unreachable with the reason', async () => {
    const { connection, client, told } = create();
    client.failure = refused;
    await connection.start();
    expect(connection.status()).toMatchObject({ reachable: false, message: 'connect ECONNREFUSED' });
    expect(told).toEqual([]);
    await connection.stop();
  });

  it('a single failure is forgotten after the next success', async () => {
    const { connection, client, clock, told } = create();
    await connection.start();
    client.failure = refused;
    await connection.client.read('/x').catch(() => undefined);
    client.failure = undefined;
    await clock.advance(20_000);
    expect(told).toEqual([true]);
    await connection.stop();
  });

  it('failures for less than the grace change nothing', async () => {
    const { connection, client, clock, told } = create();
    await connection.start();
    client.failure = refused;
    await connection.client.read('/x').catch(() => undefined);
    await clock.advance(DEFAULT_TIMINGS.graceMs - 1);
    expect(client.asked.length).toBeGreaterThan(2);
    expect(told).toEqual([true]);
    await connection.stop();
  });

  it('failures for longer than the grace make the cluster unreachable since the first, until it answers', async () => {
    const { connection, client, clock, told } = create();
    await connection.start();
    const since = clock.now();
    client.failure = refused;
    await connection.client.read('/x').catch(() => undefined);
    await clock.advance(DEFAULT_TIMINGS.graceMs + DEFAULT_TIMINGS.probeMs);
    expect(connection.status()).toEqual({ reachable: false, since, message: 'connect ECONNREFUSED' });
    client.failure = undefined;
    await clock.advance(DEFAULT_TIMINGS.probeMs);
    expect(told).toEqual([true, false, true]);
    await connection.stop();
  });

  it('a refusal by the API server shows that it is there', async () => {
    const { connection, client } = create();
    client.failure = classifyResponse({ code: 403, body: {}, isPrivate: false }, 'read');
    await connection.start();
    expect(connection.status().reachable).toBe(true);
    await connection.stop();
  });

  it('a cancelled request says nothing', async () => {
    const { connection, client, clock } = create();
    await connection.start();
    client.failure = new CancelledError('cancelled/superseded', 'cancelled');
    await connection.client.read('/x').catch(() => undefined);
    await clock.advance(10_000);
    expect(client.asked).toEqual(['read /version', 'read /x']);
    await connection.stop();
  });

  it('a cluster that was not heard of for long is asked', async () => {
    const { connection, client, clock } = create();
    await connection.start();
    await clock.advance(DEFAULT_TIMINGS.heartbeatMs);
    expect(client.asked).toEqual(['read /version']);
    await clock.advance(DEFAULT_TIMINGS.probeMs);
    expect(client.asked).toEqual(['read /version', 'read /version']);
    await connection.stop();
  });

  it('stop leaves no timer', async () => {
    const { connection, clock } = create();
    await connection.start();
    await connection.stop();
    await settle();
    expect(clock.pending()).toBe(0);
  });
});
