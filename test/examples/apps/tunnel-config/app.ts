import { defineApp } from '../../../../src/app/index.js';
import { ConfigMap, PriorityClass, Volume, Worker } from '../../../../src/constructs/index.js';

/** A tunnel with a configuration file, and credentials that were made by hand. */
export const app = defineApp({
  namespace: 'cloudflared',
  outside: [{ kind: 'Secret', name: 'tunnel-credentials' }],
  build(scope, context) {
    const config = new ConfigMap(scope, 'config', {
      name: 'cloudflared',
      data: {
        'config.yaml': `tunnel: homelab
credentials-file: /etc/cloudflared/creds/credentials.json
metrics: 0.0.0.0:2000
no-autoupdate: true
ingress:
  - hostname: shop.${context.setting('domain')}
    service: http://traefik.kube-system:80
  - service: http_status:404
`,
      },
    });
    const configuration = Volume.configMap('config', config, { items: { 'config.yaml': 'config.yaml' } });
    const credentials = Volume.secret('creds', 'tunnel-credentials');
    new Worker(scope, 'tunnel', {
      name: 'cloudflared',
      image: 'cloudflare/cloudflared:2024.10.0',
      args: ['tunnel', '--config', '/etc/cloudflared/config/config.yaml', 'run'],
      replicas: 2,
      priorityClass: 'edge',
      podSecurity: { sysctls: { 'net.ipv4.ping_group_range': '65532 65532' } },
      probes: {
        liveness: {
          httpPath: '/ready',
          port: 2000,
          failureThreshold: 1,
          initialDelaySeconds: 10,
          periodSeconds: 10,
        },
      },
      mounts: [
        configuration.mountAt('/etc/cloudflared/config', { readOnly: true }),
        credentials.mountAt('/etc/cloudflared/creds', { readOnly: true }),
      ],
      volumes: [credentials, configuration],
      tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    });
    new PriorityClass(scope, 'edge', {
      name: 'edge',
      value: 1000000,
      globalDefault: false,
      description: 'the way in',
    });
  },
});
