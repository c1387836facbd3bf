import { defineApp } from '../../../../src/app/index.js';
import { fromSecretKey, PodMonitor, restricted, Secret, Worker } from '../../../../src/constructs/index.js';

/** A tunnel to a public edge: nobody calls it in the cluster, so it has no Service. */
export const app = defineApp({
  namespace: 'tunnel',
  build(scope, context) {
    const token = new Secret(scope, 'token', {
      name: 'tunnel-token',
      values: { TUNNEL_TOKEN: context.secret('TOKEN') },
    });
    new Worker(scope, 'tunnel', {
      name: 'cloudflared',
      image: 'cloudflare/cloudflared:2024.10.0',
      args: ['tunnel', '--no-autoupdate', '--metrics', '0.0.0.0:2000', 'run'],
      replicas: 2,
      ports: [{ name: 'metrics', port: 2000 }],
      environment: [fromSecretKey('TUNNEL_TOKEN', token)],
      resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
      probes: {
        readiness: { httpPath: '/ready', port: 2000 },
        liveness: { httpPath: '/ready', port: 2000, failureThreshold: 5 },
      },
      security: { ...restricted, readOnlyRootFilesystem: true },
      podSecurity: { runAsUser: 65532 },
      terminationGracePeriodSeconds: 60,
    });
    new PodMonitor(scope, 'monitor', { name: 'cloudflared', app: 'cloudflared', portName: 'metrics' });
  },
});
