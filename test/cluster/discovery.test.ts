import { describe, expect, it } from 'vitest';
import { collectionPath, createDiscovery, objectPath } from '../../src/cluster/discovery.js';
import { FakeClient } from './fake-client.js';
import { FakeClock } from './fake-clock.js';

const resource = (name: string, kind: string, namespaced: boolean) => ({ name, kind, namespaced });
const apps = { resources: [resource('deployments', 'Deployment', true), resource('deployments/scale', 'Scale', true)] };

function create() {
  const client = new FakeClient();
  client.documents.set('/apis/apps/v1', apps);
  client.documents.set('/api/v1', { resources: [resource('namespaces', 'Namespace', false)] });
  const clock = new FakeClock();
  return { client, clock, discovery: createDiscovery(client, clock, 1000) };
}

describe('cluster/discovery', () => {
  it.each([
    ['apps/v1', 'Deployment', { path: '/apis/apps/v1/deployments', isNamespaced: true }],
    ['v1', 'Namespace', { path: '/api/v1/namespaces', isNamespaced: false }],
    ['apps/v1', 'Scale', undefined],
    ['example.com/v1', 'Widget', undefined],
  ])('%s %s is served at %j', async (apiVersion, kind, expected) => {
    expect(await create().discovery.find(apiVersion, kind)).toEqual(expected);
  });

  it('a version is asked once while its kinds are found', async () => {
    const { client, clock, discovery } = create();
    await discovery.find('apps/v1', 'Deployment');
    await clock.advance(100_000);
    await discovery.find('apps/v1', 'Deployment');
    expect(client.asked).toEqual(['read /apis/apps/v1']);
  });

  it('a kind that is not there is asked for again, but not at once', async () => {
    const { client, clock, discovery } = create();
    await discovery.find('example.com/v1', 'Widget');
    client.documents.set('/apis/example.com/v1', { resources: [resource('widgets', 'Widget', true)] });
    expect(await discovery.find('example.com/v1', 'Widget')).toBeUndefined();
    await clock.advance(1000);
    expect(await discovery.find('example.com/v1', 'Widget')).toMatchObject({ isNamespaced: true });
  });

  it('a version that was forgotten is asked again', async () => {
    const { client, discovery } = create();
    await discovery.find('apps/v1', 'Deployment');
    discovery.forget('apps/v1');
    await discovery.find('apps/v1', 'Deployment');
    expect(client.asked.length).toBe(2);
  });

  it('paths carry the namespace of namespaced kinds only', () => {
    const [namespaced, global] = [true, false].map((isNamespaced) => ({ path: '/apis/g/v1/things', isNamespaced }));
    expect(objectPath(namespaced ?? never(), { namespace: 'ns', name: 'a:b' })).toBe(
      '/apis/g/v1/namespaces/ns/things/a%3Ab',
    );
    expect(objectPath(global ?? never(), { namespace: 'ns', name: 'a' })).toBe('/apis/g/v1/things/a');
    expect(collectionPath(namespaced ?? never(), undefined)).toBe('/apis/g/v1/things');
  });
});

function never(): never {
  throw new Error('unreachable');
}
