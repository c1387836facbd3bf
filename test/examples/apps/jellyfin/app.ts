import { defineApp } from '../../../../src/app/index.js';
import { Claim, PersistentVolume, values, Volume, WebApp } from '../../../../src/constructs/index.js';

/** A media server: films from an NFS server, a graphics card, a port of the node, and an address of the load balancer. */
export const app = defineApp({
  namespace: 'media',
  build(scope, context) {
    const volume = new PersistentVolume(scope, 'volume', {
      name: 'media-nfs',
      size: '4Ti',
      accessMode: 'ReadOnlyMany',
      storageClass: '',
      mountOptions: ['nfsvers=4.1', 'hard', 'noatime'],
      source: { nfs: { server: '192.168.0.20', path: '/volume1/media' } },
    });
    const claim = new Claim(scope, 'claim', {
      name: 'media',
      size: '4Ti',
      accessMode: 'ReadOnlyMany',
      storageClass: '',
      volume,
    });
    new WebApp(scope, 'web', {
      name: 'jellyfin',
      strategy: 'Recreate',
      runtimeClass: 'nvidia',
      hostname: 'jellyfin',
      podSecurity: { runAsUser: 1000, runAsGroup: 1000, supplementalGroups: [44, 109] },
      image: 'jellyfin/jellyfin:10.10.1',
      port: { name: 'http', port: 8096 },
      ports: [{ name: 'discovery', port: 7359, hostPort: 7359, protocol: 'UDP' }],
      environment: [
        values({
          NVIDIA_VISIBLE_DEVICES: 'all',
          JELLYFIN_PublishedServerUrl: `https://jellyfin.${context.setting('domain')}`,
        }),
      ],
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '4Gi', 'nvidia.com/gpu': 1 } },
      probes: { startup: { httpPath: '/health', port: 'http', failureThreshold: 60 } },
      mounts: [
        Volume.hostPath('config', '/srv/jellyfin/config', 'DirectoryOrCreate').mountAt('/config'),
        Volume.claim('media', claim, { readOnly: true }).mountAt('/media', { readOnly: true }),
        Volume.hostPath('dri', '/dev/dri').mountAt('/dev/dri'),
        Volume.empty('cache', '10Gi').mountAt('/cache'),
      ],
      service: {
        annotations: { 'metallb.universe.tf/loadBalancerIPs': '192.168.0.60' },
        loadBalancer: true,
        loadBalancerIp: '192.168.0.60',
        loadBalancerSourceRanges: ['192.168.0.0/24'],
        externalTrafficPolicy: 'Local',
        portName: 'http',
        port: 80,
        targetPort: 'http',
        morePorts: [{ name: 'discovery', port: 7359, protocol: 'UDP' }],
      },
    });
  },
});
