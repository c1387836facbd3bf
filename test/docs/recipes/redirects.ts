import { defineApp } from '../../../src/app/index.js';
import { RedirectRegex, RedirectScheme } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    new RedirectScheme(scope, 'https', { name: 'https' });
    new RedirectRegex(scope, 'www', {
      name: 'without-www',
      regex: '^https://www\\.(.+)',
      replacement: 'https://${1}',
    });
  },
});
