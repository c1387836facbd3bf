import { defineApp, newestBuild } from '../../src/app/index.js';
import { WebApp } from '../../src/constructs/index.js';

const IMAGE = 'ghcr.io/sijunkim/friend-app';

/** Retired: the folder stays, `enabled: true` brings it back. */
export const app = defineApp({
  namespace: 'prodesk',
  enabled: false,
  sync: 'auto',
  images: [newestBuild(IMAGE, { allow: '^master-' })],
  build(scope, context) {
    new WebApp(scope, 'web', {
      name: 'friend-app',
      image: `${IMAGE}:master-placeholder`,
      port: 3000,
      enableServiceLinks: false,
      resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '200m', memory: '256Mi' } },
      route: { name: 'friend', host: `friend.${context.setting('domain')}` },
    });
  },
});
