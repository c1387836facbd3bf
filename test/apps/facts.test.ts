import { describe, expect, it } from 'vitest';
import { app as friendApp } from '../../apps/friend-app/app.js';
import { app as gitops } from '../../apps/gitops/app.js';
import { app as naverNews } from '../../apps/naver-news/app.js';
import { app as traefik } from '../../apps/traefik/app.js';
import { AUTO, deployment, meta, namesOf } from './expected.js';
import { findObject, synthesizeApp } from './synthesize-app.js';

describe('apps/naver-news', () => {
  const app = synthesizeApp('naver-news', naverNews);

  it('syncs by itself and follows the newest master build', () => {
    expect(app.sync).toEqual(AUTO);
    expect(app.images).toEqual([
      {
        image: 'ghcr.io/sijunkim/naver-news-spring',
        strategy: 'newest-build',
        allow: '^master-',
        platform: 'linux/amd64',
      },
    ]);
  });

  it('has these objects and no others', () => {
    expect(namesOf(app)).toEqual([
      'ConfigMap naver-news-config',
      'Deployment naver-news',
      'Secret naver-news-secret',
      'Service naver-news',
      'ServiceMonitor naver-news',
    ]);
  });

  it('Deployment takes the config map before the secret', () => {
    expect(findObject(app, 'Deployment', 'naver-news')).toEqual(
      deployment('naver-news', {
        image: 'ghcr.io/sijunkim/naver-news-spring:master-e0b0c0c',
        ports: [{ containerPort: 3579 }],
        envFrom: [{ configMapRef: { name: 'naver-news-config' } }, { secretRef: { name: 'naver-news-secret' } }],
        resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      }),
    );
  });

  it('Service has a label and a named port, so that scraping finds it', () => {
    expect(findObject(app, 'Service', 'naver-news')).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('naver-news', { labels: { app: 'naver-news' } }),
      spec: {
        type: 'NodePort',
        selector: { app: 'naver-news' },
        ports: [{ name: 'http', port: 3579, targetPort: 3579, nodePort: 30579 }],
      },
    });
  });

  it('ServiceMonitor lives beside the application', () => {
    expect(findObject(app, 'ServiceMonitor', 'naver-news')).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: meta('naver-news'),
      spec: {
        selector: { matchLabels: { app: 'naver-news' } },
        endpoints: [{ port: 'http', path: '/actuator/prometheus', interval: '30s' }],
      },
    });
  });

  it('Secret has its six keys, each from its own stack-config value', () => {
    const keys = ['DB_USER', 'DB_PASSWORD', 'REDIS_PASSWORD', 'NAVER_CLIENT_ID', 'NAVER_CLIENT_SECRET', 'GROQ_API_KEY'];
    expect(findObject(app, 'Secret', 'naver-news-secret')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('naver-news-secret'),
      type: 'Opaque',
      stringData: Object.fromEntries(keys.map((key) => [key, `⟦secret:naver-news.${key}⟧`])),
    });
  });

  it('ConfigMap has its 26 keys', () => {
    const table = `
      APP_PORT=3579 LOGSTASH_HOST=logstash
      DB_HOST=mysql LOGSTASH_TCP_PORT=5044
      DB_PORT=3306 ELK_ACTIVE=false
      DB_DATABASE=naver_news ELASTICSEARCH_HOST=elasticsearch
      REDIS_HOST=redis ELASTICSEARCH_PORT=9200
      REDIS_PORT=6379 ELASTICSEARCH_SCHEME=http
      REDIS_USERNAME= LLM_ENABLED=true
      REDIS_TIMEOUT=5000ms LLM_PROVIDER=groq
      DUPLICATED_COUNT=3 LLM_TEMPERATURE=0.3
      NAVER_OPENAPI_URL=https://openapi.naver.com/v1/search/news.json LLM_MAX_TOKENS=1000
      NAVER_SEARCH_DISPLAY=50 LLM_SUMMARY_MAX_TOKENS=1500
      NAVER_SEARCH_START=1 GROQ_API_URL=https://api.groq.com/openai/v1/chat/completions
      NAVER_SEARCH_SORT=date GROQ_MODEL=llama-3.3-70b-versatile`;
    const data = Object.fromEntries(
      table
        .trim()
        .split(/\s+/)
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ) as Record<string, string>;
    expect(Object.keys(data)).toHaveLength(26);
    expect(findObject(app, 'ConfigMap', 'naver-news-config')).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta('naver-news-config'),
      data,
    });
  });
});

describe('apps/friend-app', () => {
  const app = synthesizeApp('friend-app', friendApp);

  it('is switched off', () => {
    expect(friendApp.enabled).toBe(false);
  });

  it('would follow the newest master build', () => {
    expect(app.images).toEqual([
      { image: 'ghcr.io/sijunkim/friend-app', strategy: 'newest-build', allow: '^master-', platform: 'linux/amd64' },
    ]);
  });

  it('would be a Deployment without service links, a Service and a route', () => {
    expect(namesOf(app)).toEqual(['Deployment friend-app', 'IngressRoute friend', 'Service friend-app']);
    expect(findObject(app, 'Deployment', 'friend-app')).toEqual(
      deployment(
        'friend-app',
        {
          image: 'ghcr.io/sijunkim/friend-app:master-placeholder',
          ports: [{ containerPort: 3000 }],
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '200m', memory: '256Mi' } },
        },
        { enableServiceLinks: false },
      ),
    );
    expect(findObject(app, 'Service', 'friend-app').spec).toEqual({
      type: 'ClusterIP',
      selector: { app: 'friend-app' },
      ports: [{ port: 3000, targetPort: 3000 }],
    });
    expect(findObject(app, 'IngressRoute', 'friend').spec).toEqual({
      entryPoints: ['websecure'],
      routes: [{ kind: 'Rule', match: 'Host(`friend.kimsijun.com`)', services: [{ name: 'friend-app', port: 3000 }] }],
      tls: { certResolver: 'letsencrypt' },
    });
  });
});

describe('apps/traefik', () => {
  const valuesOf = (settings: Record<string, string>): unknown => {
    const app = synthesizeApp('traefik', traefik, settings);
    expect(namesOf(app)).toEqual(['HelmChartConfig traefik']);
    const { apiVersion, metadata, spec } = findObject(app, 'HelmChartConfig', 'traefik');
    expect(apiVersion).toBe('helm.cattle.io/v1');
    expect(metadata).toEqual({ name: 'traefik', namespace: 'kube-system' });
    return spec;
  };
  const head = [
    'persistence:',
    '  enabled: true',
    '  size: 128Mi',
    'additionalArguments:',
    '  - --certificatesresolvers.letsencrypt.acme.email=admin@example.com',
    '  - --certificatesresolvers.letsencrypt.acme.storage=/data/acme.json',
    '  - --certificatesresolvers.letsencrypt.acme.httpchallenge.entrypoint=web',
  ];

  it('listens on the host, in the order of keys that the cluster has', () => {
    expect(valuesOf({})).toEqual({
      valuesContent: [
        ...head,
        'hostNetwork: true',
        'securityContext:',
        '  capabilities:',
        '    add:',
        '      - NET_BIND_SERVICE',
        '    drop:',
        '      - ALL',
        '  runAsNonRoot: false',
        '  runAsUser: 0',
        '  runAsGroup: 0',
        'service:',
        '  enabled: false',
        'ports:',
        '  metrics:',
        '    port: 9101',
        '  web:',
        '    port: 80',
        '    redirectTo:',
        '      port: websecure',
        '  websecure:',
        '    port: 443',
      ].join('\n'),
    });
  });

  it('exposure loadBalancer keeps client addresses by policy alone', () => {
    expect(valuesOf({ 'traefik.exposure': 'loadBalancer' })).toEqual({
      valuesContent: [
        ...head,
        'service:',
        '  spec:',
        '    externalTrafficPolicy: Local',
        'ports:',
        '  web:',
        '    redirectTo:',
        '      port: websecure',
      ].join('\n'),
    });
  });

  it('another exposure is refused', () => {
    expect(() => synthesizeApp('traefik', traefik, { 'traefik.exposure': 'dns' })).toThrow('"dns"');
  });
});

describe('apps/gitops', () => {
  const app = synthesizeApp('gitops', gitops, { 'gitops.port': '9000' });

  it('leads gitops.DOMAIN to the daemon on the node, for the local network only', () => {
    expect(namesOf(app)).toEqual([
      'Endpoints prodesk',
      'IngressRoute prodesk',
      'Middleware internal-only',
      'Service prodesk',
    ]);
    expect(findObject(app, 'IngressRoute', 'prodesk').spec).toEqual({
      entryPoints: ['websecure'],
      routes: [
        {
          kind: 'Rule',
          match: 'Host(`gitops.kimsijun.com`)',
          middlewares: [{ name: 'internal-only' }],
          services: [{ name: 'prodesk', port: 80 }],
        },
      ],
      tls: { certResolver: 'letsencrypt' },
    });
    expect(findObject(app, 'Middleware', 'internal-only')).toEqual({
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: meta('internal-only'),
      spec: { ipAllowList: { sourceRange: ['192.168.0.0/24', '127.0.0.1/32'] } },
    });
    expect(findObject(app, 'Service', 'prodesk').spec).toEqual({ ports: [{ port: 80, targetPort: 9000 }] });
    expect(findObject(app, 'Endpoints', 'prodesk').subsets).toEqual([
      { addresses: [{ ip: '192.168.0.46' }], ports: [{ port: 9000 }] },
    ]);
  });

  it('a port that is no number is refused', () => {
    expect(() => synthesizeApp('gitops', gitops, { 'gitops.port': 'http' })).toThrow('"http"');
  });
});
