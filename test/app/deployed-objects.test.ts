import { describe, expect, it } from 'vitest';
import { markConfigHashes } from '../../src/app/config-hash.js';
import { deployedObjects } from '../../src/app/deployed-objects.js';
import type { Manifest } from '../../src/app/manifest.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import { APP_LABEL } from '../../src/app/tracking.js';

const SECRET: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  stringData: { p: secretMarker('a.p') },
};
const WORKLOAD: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { template: { spec: { containers: [{ envFrom: [{ secretRef: { name: 's' } }] }] } } },
};

describe('app/deployed-objects', () => {
  it('values, hashes and tracking metadata are in, and no stand-in is left', () => {
    const marked = markConfigHashes([SECRET, WORKLOAD], 'home');
    const [secret, workload] = deployedObjects('a', marked, { 'a.p': 'hunter2', restartKey: 'k'.repeat(32) });
    expect(secret).toMatchObject({ metadata: { labels: { [APP_LABEL]: 'a' } }, data: { p: 'aHVudGVyMg==' } });
    expect(workload).toMatchObject({ metadata: { labels: { [APP_LABEL]: 'a' } } });
    expect(JSON.stringify([secret, workload])).not.toContain('⟦');
  });
});
