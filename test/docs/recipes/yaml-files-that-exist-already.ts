import { defineApp } from '../../../src/app/index.js';
import { Manifests, patch } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const manifests = new Manifests(scope, 'manifests', {
      from: new URL('./manifests/', import.meta.url),
      replace: { HOST: `shop.${context.setting('domain')}` },
      transform: (manifest) => (manifest.kind === 'Namespace' ? undefined : manifest),
    });
    patch(manifests.find('Service', 'shop'), { spec: { type: 'NodePort' } });
  },
});
