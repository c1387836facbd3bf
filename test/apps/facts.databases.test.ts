import { describe, expect, it } from 'vitest';
import { app as mysql } from '../../apps/mysql/app.js';
import { app as redis } from '../../apps/redis/app.js';
import { isKept } from '../../src/app/tracking.js';
import { AUTO, deployment, meta, namesOf, nodePortService } from './expected.js';
import { findObject, synthesizeApp } from './synthesize-app.js';

const DATA = '/home/kimsijun/repository/resources';

describe('apps/mysql', () => {
  const app = synthesizeApp('mysql', mysql);

  it('syncs by itself with a pinned image', () => {
    expect(app.sync).toEqual(AUTO);
    expect(app.images).toEqual([]);
  });

  it('has these objects and no others', () => {
    expect(namesOf(app)).toEqual([
      'Deployment mysql',
      'PersistentVolume mysql-pv',
      'PersistentVolumeClaim mysql-pvc',
      'Secret mysql-secret',
      'Service mysql',
    ]);
  });

  it('PersistentVolume is on the node, without a namespace', () => {
    expect(findObject(app, 'PersistentVolume', 'mysql-pv')).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'mysql-pv' },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'local-storage',
        local: { path: `${DATA}/mysql/db` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['prodesk'] }] },
            ],
          },
        },
      },
    });
  });

  it('PersistentVolumeClaim takes that volume', () => {
    expect(findObject(app, 'PersistentVolumeClaim', 'mysql-pvc')).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta('mysql-pvc'),
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local-storage',
        volumeName: 'mysql-pv',
        resources: { requests: { storage: '10Gi' } },
      },
    });
  });

  it.each(['PersistentVolume mysql-pv', 'PersistentVolumeClaim mysql-pvc'])('%s is never pruned', (which) => {
    const [kind = '', name = ''] = which.split(' ');
    expect(isKept(findObject(app, kind, name))).toBe(true);
  });

  it('Deployment stops the old pod first', () => {
    expect(findObject(app, 'Deployment', 'mysql')).toEqual(
      deployment(
        'mysql',
        {
          image: 'mysql:8.0.37',
          args: [
            '--default-authentication-plugin=caching_sha2_password',
            '--character-set-server=utf8mb4',
            '--collation-server=utf8mb4_unicode_ci',
            '--range_optimizer_max_mem_size=16777216',
            '--default-time-zone=+09:00',
          ],
          ports: [{ containerPort: 3306 }],
          env: [{ name: 'TZ', value: 'Asia/Seoul' }],
          envFrom: [{ secretRef: { name: 'mysql-secret' } }],
          resources: { requests: { cpu: '50m', memory: '512Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
          volumeMounts: [{ name: 'mysql-data', mountPath: '/var/lib/mysql' }],
        },
        { volumes: [{ name: 'mysql-data', persistentVolumeClaim: { claimName: 'mysql-pvc' } }] },
        { strategy: { type: 'Recreate' } },
      ),
    );
  });

  it('Service is on node port 30306', () => {
    expect(findObject(app, 'Service', 'mysql')).toEqual(nodePortService('mysql', 3306, 30306));
  });

  it('Secret has its four keys', () => {
    expect(findObject(app, 'Secret', 'mysql-secret').stringData).toEqual({
      MYSQL_ROOT_PASSWORD: '⟦secret:mysql.MYSQL_ROOT_PASSWORD⟧',
      MYSQL_DATABASE: '⟦secret:mysql.MYSQL_DATABASE⟧',
      MYSQL_USER: '⟦secret:mysql.MYSQL_USER⟧',
      MYSQL_PASSWORD: '⟦secret:mysql.MYSQL_PASSWORD⟧',
    });
  });
});

describe('apps/redis', () => {
  const app = synthesizeApp('redis', redis);

  it('is applied only when asked', () => {
    expect(app.sync).toMatchObject({ automated: false, selfHeal: false });
    expect(app.images).toEqual([]);
  });

  it('leaves the PersistentVolume and redis-secret to people', () => {
    expect(namesOf(app)).toEqual([
      'ConfigMap redis-config',
      'Deployment redis',
      'PersistentVolumeClaim redis-pvc',
      'Service redis',
    ]);
  });

  it('PersistentVolumeClaim is marked as never pruned', () => {
    const claim = findObject(app, 'PersistentVolumeClaim', 'redis-pvc');
    expect(claim).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta('redis-pvc', { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } }),
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local-storage',
        volumeName: 'redis-pv',
        resources: { requests: { storage: '2Gi' } },
      },
    });
    expect(isKept(claim)).toBe(true);
  });

  it('Deployment reads redis.conf from the config map', () => {
    expect(findObject(app, 'Deployment', 'redis')).toEqual(
      deployment(
        'redis',
        {
          image: 'redis:7.2',
          command: ['redis-server', '/usr/local/etc/redis/redis.conf'],
          ports: [{ containerPort: 6379 }],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '250m', memory: '256Mi' } },
          volumeMounts: [
            { name: 'redis-data', mountPath: '/data' },
            { name: 'redis-config', mountPath: '/usr/local/etc/redis/redis.conf', subPath: 'redis.conf' },
          ],
        },
        {
          volumes: [
            { name: 'redis-data', persistentVolumeClaim: { claimName: 'redis-pvc' } },
            { name: 'redis-config', configMap: { name: 'redis-config' } },
          ],
        },
        { strategy: { type: 'Recreate' } },
      ),
    );
  });

  it('Service is on node port 30379', () => {
    expect(findObject(app, 'Service', 'redis')).toEqual(nodePortService('redis', 6379, 30379));
  });

  it('ConfigMap has one key, which sets the password from a secret', () => {
    const { data } = findObject(app, 'ConfigMap', 'redis-config') as unknown as { data: Record<string, string> };
    expect(Object.keys(data)).toEqual(['redis.conf']);
    expect(data['redis.conf']?.split('\n')).toContain('requirepass ⟦secret:redis.REDIS_PASSWORD⟧');
  });

  it('mode external is a Service without selector and type, and its Endpoints', () => {
    const external = synthesizeApp('redis', redis, { 'redis.mode': 'external' });
    expect(external.objects).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta('redis'),
        spec: { ports: [{ port: 6379, targetPort: 6379 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: meta('redis'),
        subsets: [{ addresses: [{ ip: '192.168.0.46' }], ports: [{ port: 6379 }] }],
      },
    ]);
  });

  it('another mode is refused', () => {
    expect(() => synthesizeApp('redis', redis, { 'redis.mode': 'cluster' })).toThrow('"cluster"');
  });
});
