import { defineApp } from '../../../../src/app/index.js';
import { fromSecretKey, values, Volume, WebApp } from '../../../../src/constructs/index.js';

const HEALTH = ['/gluetun-entrypoint', 'healthcheck'];

/** A VPN that must be up before anything else of the pod starts: a sidecar that comes before another init container. */
export const app = defineApp({
  namespace: 'media',
  outside: [
    { kind: 'Secret', name: 'vpn', keys: ['key'] },
    { kind: 'ConfigMap', name: 'qbittorrent' },
    { kind: 'PersistentVolumeClaim', name: 'qbittorrent' },
  ],
  build(scope) {
    const config = Volume.claim('config', 'qbittorrent').mountAt('/config');
    const defaults = Volume.configMap('defaults', 'qbittorrent', {
      mode: 0o644,
      items: { 'qBittorrent.conf': { path: 'qBittorrent.conf', mode: 0o600 } },
    });
    new WebApp(scope, 'web', {
      name: 'qbittorrent',
      strategy: 'Recreate',
      shareProcessNamespace: true,
      initContainers: [
        {
          name: 'gluetun',
          image: 'qmcgaw/gluetun:v3.39.1',
          restartPolicy: 'Always',
          environment: [values({ VPN_TYPE: 'wireguard' }), fromSecretKey('WIREGUARD_PRIVATE_KEY', 'vpn', 'key')],
          port: { name: 'proxy', port: 8888 },
          probes: {
            startup: { command: HEALTH, failureThreshold: 30 },
            liveness: { command: HEALTH, timeoutSeconds: 5 },
          },
          postStart: ['sh', '-c', 'ip rule del table 51820 || true'],
          security: { addCapabilities: ['NET_ADMIN'] },
          mounts: [Volume.hostPath('tun', '/dev/net/tun', 'CharDevice').mountAt('/dev/net/tun')],
        },
        {
          name: 'init-config',
          image: 'busybox:1.37',
          command: ['sh', '-c', 'cp -n /defaults/qBittorrent.conf /config/'],
          mounts: [defaults.mountAt('/defaults'), config],
        },
      ],
      image: 'lscr.io/linuxserver/qbittorrent:5.0.1',
      environment: [values({ PUID: '1000', PGID: '1000', WEBUI_PORT: '8080' })],
      port: { name: 'web', port: 8080 },
      mounts: [config, Volume.nfs('downloads', 'nas.lan', '/volume1/downloads').mountAt('/downloads')],
      service: { type: null, portName: 'web', targetPort: 'web' },
    });
  },
});
