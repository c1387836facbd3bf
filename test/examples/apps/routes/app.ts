import { defineApp } from '../../../../src/app/index.js';
import {
  BasicAuth,
  Headers,
  Ingress,
  IngressRoute,
  Middleware,
  RateLimit,
  Secret,
  ServersTransport,
  TcpRoute,
  TlsOption,
  UdpRoute,
} from '../../../../src/constructs/index.js';

/** What Traefik can do: middlewares of all kinds, backends with TLS, weights, TCP and UDP, and a plain Ingress with annotations. */
export const app = defineApp({
  namespace: 'web',
  outside: [
    ...['admin-v1', 'admin-v2', 'mysql', 'dns', 'blog', 'feeds'].map((name) => ({ kind: 'Service' as const, name })),
    { kind: 'Service', name: 'nas', namespace: 'storage' },
  ],
  build(scope, context) {
    const domain = context.setting('domain');
    const users = new Secret(scope, 'users', {
      name: 'admin-users',
      type: 'kubernetes.io/basic-auth',
      values: { username: 'admin', password: context.secret('ADMIN_PASSWORD') },
    });
    const login = new BasicAuth(scope, 'login', {
      name: 'admin-auth',
      secret: users,
      realm: 'Admin',
      removeHeader: true,
      headerField: 'X-User',
    });
    new RateLimit(scope, 'limit', {
      name: 'limit',
      average: 100,
      burst: 200,
      period: '1s',
      source: { forwardedDepth: 1, excludedIps: ['192.168.0.0/24'] },
    });
    new Middleware(scope, 'in-flight', { name: 'in-flight', spec: { inFlightReq: { amount: 20 } } });
    new Middleware(scope, 'retry', { name: 'retry', spec: { retry: { attempts: 3, initialInterval: '100ms' } } });
    new Middleware(scope, 'body-limit', {
      name: 'body-limit',
      spec: { buffering: { maxRequestBodyBytes: 10485760 } },
    });
    new Middleware(scope, 'add-prefix', { name: 'add-prefix', spec: { addPrefix: { prefix: '/v2' } } });
    new Headers(scope, 'headers', {
      name: 'secure-headers',
      frameDeny: true,
      browserXssFilter: true,
      contentTypeNosniff: true,
      forceStsHeader: true,
      stsIncludeSubdomains: true,
      stsPreload: true,
      stsSeconds: 31536000,
      referrerPolicy: 'same-origin',
      request: { 'X-Forwarded-Proto': 'https' },
      response: { 'X-Robots-Tag': 'none' },
    });
    new TlsOption(scope, 'tls', {
      name: 'default',
      namespace: 'default',
      minVersion: '1.2',
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
      curvePreferences: ['CurveP521', 'CurveP384'],
      sniStrict: true,
    });
    const insecure = new ServersTransport(scope, 'insecure', { name: 'insecure', insecureSkipVerify: true });
    new IngressRoute(scope, 'admin', {
      name: 'admin',
      labels: { app: 'admin' },
      annotations: { 'kubernetes.io/ingress.class': 'traefik' },
      entryPoints: ['web', 'websecure'],
      rules: [
        {
          match: `Host(\`admin.${domain}\`) && (PathPrefix(\`/a\`) || Path(\`/b\`))`,
          priority: 20,
          middlewares: [login, { name: 'limit', namespace: 'web' }],
          backend: {
            name: 'nas',
            namespace: 'storage',
            port: 5001,
            scheme: 'https',
            passHostHeader: true,
            serversTransport: insecure,
          },
        },
        {
          host: `admin.${domain}`,
          headers: { 'X-Beta': '1' },
          backend: [
            { name: 'admin-v1', port: 'http', weight: 9 },
            { name: 'admin-v2', port: 'http', weight: 1 },
          ],
        },
        { host: `traefik.${domain}`, backend: { name: 'api@internal', kind: 'TraefikService' } },
      ],
      tls: {
        domains: [{ main: domain, sans: [`*.${domain}`] }],
        options: { name: 'default', namespace: 'default' },
      },
    });
    new TcpRoute(scope, 'mysql', { name: 'mysql', entryPoints: ['mysql'], backend: { name: 'mysql', port: 3306 } });
    new UdpRoute(scope, 'dns', { name: 'dns', entryPoints: ['dns'], backend: { name: 'dns', port: 53 } });
    const blog = { name: 'blog', port: 80 };
    new Ingress(scope, 'blog', {
      name: 'blog',
      annotations: {
        'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
        'traefik.ingress.kubernetes.io/router.middlewares': 'web-limit@kubernetescrd',
        'cert-manager.io/cluster-issuer': 'letsencrypt',
      },
      ingressClass: 'traefik',
      tlsSecret: 'blog-tls',
      rules: [
        { host: `blog.${domain}`, backend: blog },
        { host: `blog.${domain}`, path: '/feed.xml', pathType: 'Exact', backend: { name: 'feeds', port: 'http' } },
        { host: `www.blog.${domain}`, backend: blog },
      ],
    });
  },
});
