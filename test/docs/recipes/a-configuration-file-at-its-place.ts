import { defineApp } from '../../../src/app/index.js';
import { ConfigMap, Volume, Worker } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const config = new ConfigMap(scope, 'config', {
      name: 'nginx-config',
      data: { 'nginx.conf': 'events {}\nhttp { server { listen 8080; } }\n' },
    });
    new Worker(scope, 'proxy', {
      name: 'proxy',
      image: 'nginxinc/nginx-unprivileged:1.27',
      mounts: [Volume.configMap('config', config).mountAt('/etc/nginx/nginx.conf', { subPath: 'nginx.conf' })],
    });
  },
});
