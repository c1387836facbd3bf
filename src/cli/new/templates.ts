/** What a new application is made of. */
export interface NewApp {
  readonly name: string;
  readonly namespace: string;
  /** With a tag it is pinned; without one, the newest build is followed. @default - the template's */
  readonly image?: string;
  /** @default - the template's */
  readonly port?: number;
  /** A whole host name, or one label in front of the setting `domain`. @default - not public */
  readonly host?: string;
}

/** Texts of files by their path in the application's folder. */
export type Files = Readonly<Record<string, string>>;

/** A kind of application that can be written. */
export interface Template {
  readonly write: (app: NewApp) => Files;
  /** Which options mean something to it. */
  readonly takes: readonly ('image' | 'port' | 'host')[];
}

/** What can be written, each by its name for `--template`. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  web: { write: web, takes: ['image', 'port', 'host'] },
  worker: { write: worker, takes: ['image', 'port'] },
  cron: { write: cron, takes: ['image'] },
  database: { write: database, takes: ['image', 'port'] },
  chart: { write: chart, takes: ['port', 'host'] },
  static: { write: staticPages, takes: ['image', 'port', 'host'] },
};

interface Source {
  /** What is imported from the construct library. */
  readonly constructs: readonly string[];
  /** @default - none is followed */
  readonly image?: ImageSource;
  /** Lines of `build`. */
  readonly body: readonly string[];
}

interface ImageSource {
  /** The expression of the image. */
  readonly expression: string;
  /** The repository, where its newest build is followed. */
  readonly followed?: string;
}

function web(app: NewApp): Files {
  const image = imageOf(app.image ?? `ghcr.io/example/${app.name}`);
  const body = [
    `new WebApp(scope, 'web', {`,
    `  name: '${app.name}',`,
    `  image: ${image.expression},`,
    `  port: ${app.port ?? 8080},`,
    `  enableServiceLinks: false,`,
    RESOURCES,
    ...routeOf(app),
    `});`,
  ];
  return { 'app.ts': render(app, { constructs: ['WebApp'], image, body }) };
}

function worker(app: NewApp): Files {
  const image = imageOf(app.image ?? `ghcr.io/example/${app.name}`);
  const body = [
    `new Worker(scope, 'worker', {`,
    `  name: '${app.name}',`,
    `  image: ${image.expression},`,
    ...(app.port === undefined ? [] : [`  port: ${app.port},`]),
    `  enableServiceLinks: false,`,
    RESOURCES,
    `});`,
  ];
  return { 'app.ts': render(app, { constructs: ['Worker'], image, body }) };
}

function cron(app: NewApp): Files {
  const image = imageOf(app.image ?? 'busybox:1.37');
  const body = [
    `new CronJob(scope, 'job', {`,
    `  name: '${app.name}',`,
    `  image: ${image.expression},`,
    `  schedule: '0 6 * * *',`,
    `  concurrency: 'Forbid',`,
    `  command: ['echo', 'hello'],`,
    `});`,
  ];
  return { 'app.ts': render(app, { constructs: ['CronJob'], image, body }) };
}

function database(app: NewApp): Files {
  const image = imageOf(app.image ?? 'postgres:17.2');
  const body = [
    `const credentials = new Secret(scope, 'credentials', {`,
    `  name: '${app.name}-secret',`,
    `  values: { POSTGRES_PASSWORD: context.secret('POSTGRES_PASSWORD') },`,
    `});`,
    `new Database(scope, 'database', {`,
    `  name: '${app.name}',`,
    `  image: ${image.expression},`,
    `  port: ${app.port ?? 5432},`,
    `  environment: [values({ PGDATA: '/var/lib/postgresql/data/pgdata' }), fromSecret(credentials)],`,
    `  resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '512Mi' } },`,
    `  storage: {`,
    `    size: '10Gi',`,
    `    volume: {`,
    `      name: '${app.name}-pv',`,
    `      node: context.setting('node'),`,
    `      directory: \`\${context.setting('dataDirectory')}/${app.name}\`,`,
    `    },`,
    `    claim: '${app.name}-pvc',`,
    `    mountPath: '/var/lib/postgresql/data',`,
    `  },`,
    `});`,
  ];
  return { 'app.ts': render(app, { constructs: ['Database', 'fromSecret', 'Secret', 'values'], image, body }) };
}

function chart(app: NewApp): Files {
  const body = [
    `new HelmChart(scope, 'chart', {`,
    `  name: '${app.name}',`,
    `  chart: '${app.name}',`,
    `  repository: 'https://charts.example.com',`,
    `  version: '1.*',`,
    `  targetNamespace: '${app.namespace}',`,
    `  values: {},`,
    `});`,
    ...(app.host === undefined ? [] : chartRoute(app)),
  ];
  return {
    'app.ts': render(app, { constructs: ['HelmChart', ...(app.host === undefined ? [] : ['IngressRoute'])], body }),
  };
}

function chartRoute(app: NewApp): string[] {
  const backend = `{ name: '${app.name}', port: ${app.port ?? 80} }`;
  return [
    `new IngressRoute(scope, 'route', {`,
    `  name: '${app.name}',`,
    `  rules: [{ host: ${hostOf(app)}, backend: ${backend} }],`,
    `});`,
  ];
}

function staticPages(app: NewApp): Files {
  const image = imageOf(app.image ?? 'nginxinc/nginx-unprivileged:1.27');
  const body = [
    `const pages = new ConfigMap(scope, 'pages', {`,
    `  name: '${app.name}-pages',`,
    `  folder: new URL('./public/', import.meta.url),`,
    `});`,
    `new WebApp(scope, 'web', {`,
    `  name: '${app.name}',`,
    `  image: ${image.expression},`,
    `  port: ${app.port ?? 8080},`,
    `  mounts: [Volume.configMap('pages', pages).mountAt('/usr/share/nginx/html')],`,
    RESOURCES,
    ...routeOf(app),
    `});`,
  ];
  return {
    'app.ts': render(app, { constructs: ['ConfigMap', 'Volume', 'WebApp'], image, body }),
    'public/index.html': `<!doctype html>\n<title>${app.name}</title>\n<h1>${app.name}</h1>\n`,
  };
}

const RESOURCES = `  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },`;

function imageOf(image: string): ImageSource {
  const isPinned = image.includes('@') || (image.split('/').at(-1) ?? '').includes(':');
  return isPinned ? { expression: `'${image}'` } : { expression: '`${IMAGE}:master-placeholder`', followed: image };
}

function routeOf(app: NewApp): string[] {
  return app.host === undefined ? [] : [`  route: { host: ${hostOf(app)} },`];
}

function hostOf({ host = '' }: NewApp): string {
  return host.includes('.') ? `'${host}'` : `\`${host}.\${context.setting('domain')}\``;
}

function render(app: NewApp, { constructs, image, body }: Source): string {
  const followed = image?.followed;
  const parameters = body.some((line) => line.includes('context.')) ? 'scope, context' : 'scope';
  return [
    `import { defineApp${followed === undefined ? '' : ', newestBuild'} } from '../../src/app/index.js';`,
    `import { ${constructs.join(', ')} } from '../../src/constructs/index.js';`,
    '',
    ...(followed === undefined ? [] : [`const IMAGE = '${followed}';`, '']),
    'export const app = defineApp({',
    `  namespace: '${app.namespace}',`,
    ...(followed === undefined ? [] : [`  images: [newestBuild(IMAGE, { allow: '^master-' })],`]),
    `  build(${parameters}) {`,
    ...body.map((line) => `    ${line}`),
    '  },',
    '});',
    '',
  ].join('\n');
}
