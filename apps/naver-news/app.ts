import { defineApp, newestBuild } from '../../src/app/index.js';
import { ConfigMap, fromConfigMap, fromSecret, Secret, WebApp } from '../../src/constructs/index.js';
import { config } from './config.js';

const IMAGE = 'ghcr.io/sijunkim/naver-news-spring';

export const app = defineApp({
  namespace: 'prodesk',
  sync: 'auto',
  images: [newestBuild(IMAGE, { allow: '^master-' })],
  build(scope, context) {
    const configMap = new ConfigMap(scope, 'config', { name: 'naver-news-config', data: config });
    const credentials = new Secret(scope, 'credentials', {
      name: 'naver-news-secret',
      values: {
        DB_USER: context.secret('DB_USER'),
        DB_PASSWORD: context.secret('DB_PASSWORD'),
        REDIS_PASSWORD: context.secret('REDIS_PASSWORD'),
        NAVER_CLIENT_ID: context.secret('NAVER_CLIENT_ID'),
        NAVER_CLIENT_SECRET: context.secret('NAVER_CLIENT_SECRET'),
        GROQ_API_KEY: context.secret('GROQ_API_KEY'),
      },
    });
    new WebApp(scope, 'web', {
      name: 'naver-news',
      image: `${IMAGE}:master-e0b0c0c`,
      port: 3579,
      environment: [fromConfigMap(configMap), fromSecret(credentials)],
      resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      service: { nodePort: 30579 },
      metrics: { path: '/actuator/prometheus', interval: '30s' },
    });
  },
});
