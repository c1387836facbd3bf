import { defineApp } from '../../../src/app/index.js';
import { ForwardAuth, WebApp } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const sso = new ForwardAuth(scope, 'sso', {
      name: 'sso',
      address: 'http://authelia/api/authz/forward-auth',
      responseHeaders: ['Remote-User'],
    });
    new WebApp(scope, 'web', {
      name: 'wiki',
      image: 'ghcr.io/sijunkim/wiki:1.0.0',
      port: 8080,
      route: { host: `wiki.${context.setting('domain')}`, middlewares: [sso] },
    });
  },
});
