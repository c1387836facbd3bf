import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { APP_LABEL, track } from '../../src/app/tracking.js';
import type { ListPage } from '../../src/cluster/client.js';
import { createClusterObserver } from '../../src/cluster/observer.js';
import type { ClusterObserver } from '../../src/cluster/port.js';
import { FakeClient } from './fake-client.js';
import { FakeClock, settle } from './fake-clock.js';

const configMap = (app: string): Manifest =>
  track({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: app, namespace: 'ns' } }, app);
const page = (app: string, continueToken?: string): ListPage => ({
  items: [{ metadata: { name: app, namespace: 'ns', resourceVersion: '1', labels: { [APP_LABEL]: app } } }],
  resourceVersion: '1',
  ...(continueToken !== undefined && { continueToken }),
});

let observer: ClusterObserver | undefined;
afterEach(() => observer?.stop());

describe('cluster/observer', () => {
  it('an application that comes while its kind is being listed is looked at, whichever page it was on', async () => {
    const client = new FakeClient();
    client.documents.set('/api/v1', {
      groupVersion: 'v1',
      resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['list', 'watch'] }],
    });
    let giveLastPage: (last: ListPage) => void = () => undefined;
    client.lists.push(
      page('late', 'more'),
      new Promise((resolve) => {
        giveLastPage = resolve;
      }),
    );
    observer = createClusterObserver({ client, clock: new FakeClock() });
    await observer.start(() => undefined);
    observer.setDesired('early', [configMap('early')]);
    await settle();
    observer.setDesired('late', [configMap('late')]);
    await settle();
    expect(observer.observe('late').objects).toMatchObject([{ state: 'unknown' }]);

    giveLastPage(page('early'));
    await settle();
    /** This client has no object to read. */
    expect(observer.observe('late').objects).toMatchObject([{ state: 'missing' }]);
  });
});
