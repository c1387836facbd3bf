import { environments, newestBuild } from '../../../src/app/index.js';
import { ConfigMap, fromConfigMap, fromSecret, PullSecret, Secret, WebApp } from '../../../src/constructs/index.js';

const IMAGE = 'ghcr.io/sijunkim/shop-api';

/** A Spring API with a private image, in two environments. Each folder of an environment exports one of these. */
export const shopApi = environments(
  {
    dev: {
      namespace: 'shop-dev',
      host: 'dev.shop',
      branch: 'dev',
      replicas: 1,
      memory: { ask: '256Mi', most: '512Mi' },
    },
    prod: { namespace: 'shop-prod', host: 'shop', branch: 'main', replicas: 2, memory: { ask: '512Mi', most: '1Gi' } },
  },
  ({ environment, namespace, host, branch, replicas, memory }) => ({
    namespace,
    images: [newestBuild(IMAGE, { allow: `^${branch}-` })],
    build(scope, context) {
      const pull = new PullSecret(scope, 'pull', { username: 'sijunkim', password: context.secret('GHCR_TOKEN') });
      const config = new ConfigMap(scope, 'config', {
        name: 'shop-api-config',
        data: { SPRING_PROFILES_ACTIVE: environment, DB_HOST: 'mysql', DB_PORT: '3306' },
      });
      const credentials = new Secret(scope, 'credentials', {
        name: 'shop-api-secret',
        values: { DB_USER: context.secret('DB_USER'), DB_PASSWORD: context.secret('DB_PASSWORD') },
      });
      new WebApp(scope, 'web', {
        name: 'shop-api',
        image: `${IMAGE}:${branch}-placeholder`,
        port: 8080,
        replicas,
        pullSecrets: [pull],
        enableServiceLinks: false,
        environment: [fromConfigMap(config), fromSecret(credentials)],
        resources: { requests: { cpu: '100m', memory: memory.ask }, limits: { cpu: '1', memory: memory.most } },
        probes: {
          startup: { httpPath: '/actuator/health/liveness', failureThreshold: 30, periodSeconds: 5 },
          readiness: { httpPath: '/actuator/health/readiness' },
          liveness: { httpPath: '/actuator/health/liveness' },
        },
        metrics: { path: '/actuator/prometheus' },
        route: { host: `${host}.${context.setting('domain')}` },
      });
    },
  }),
);
