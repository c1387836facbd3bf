import { defineApp } from '../../../src/app/index.js';
import { Chain, Compress, Headers } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope) {
    const headers = new Headers(scope, 'headers', {
      name: 'headers',
      response: { Server: '' },
      stsSeconds: 31536000,
      contentTypeNosniff: true,
      cors: { origins: ['https://app.example.com'], credentials: true },
    });
    const compress = new Compress(scope, 'compress', { name: 'compress' });
    new Chain(scope, 'public', { name: 'public', middlewares: [headers, compress] });
  },
});
