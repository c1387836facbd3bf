/** A part of the sources that has a rule of its own. */
export type Area =
  | 'base'
  | 'app'
  | 'constructs'
  | 'imports'
  | 'apps'
  | 'synth'
  | 'deploy'
  | 'sources/git'
  | 'sources/registry'
  | 'cluster'
  | 'engine'
  | 'sops'
  | 'driver/core'
  | 'driver/effects'
  | 'driver'
  | 'server'
  | 'notify'
  | 'migration'
  | 'ui'
  | 'cli'
  | 'sandbox'
  | 'testing'
  | 'program'
  | 'generator';

/** What the modules of an area may import and use. An area may always import itself. */
export interface AreaRule {
  readonly areas: readonly Area[];
  /** Areas of which only `port.ts` may be imported. @default - none */
  readonly ports?: readonly Area[];
  /** npm packages, by name or by the first part of the path into one. */
  readonly packages: readonly string[];
  /** Node's own modules: each, each but those that start processes, or the ones listed. */
  readonly builtins: 'any' | 'no-processes' | readonly string[];
  /** Names that its code must not use. @default - process.env */
  readonly forbidden?: readonly string[];
}

/** Where an area begins; the first that fits counts. */
export const AREA_FOLDERS: readonly (readonly [string, Area])[] = [
  ['src/index.ts', 'program'],
  ['src/imports/generate.mjs', 'generator'],
  ['src/synth/schemas/', 'generator'],
  ['src/driver/core/', 'driver/core'],
  ['src/driver/effects/', 'driver/effects'],
  ['src/sources/git/', 'sources/git'],
  ['src/sources/registry/', 'sources/registry'],
  ['src/base/', 'base'],
  ['src/app/', 'app'],
  ['src/constructs/', 'constructs'],
  ['src/imports/', 'imports'],
  ['src/synth/', 'synth'],
  ['src/deploy/', 'deploy'],
  ['src/cluster/', 'cluster'],
  ['src/engine/', 'engine'],
  ['src/sops/', 'sops'],
  ['src/driver/', 'driver'],
  ['src/server/', 'server'],
  ['src/notify/', 'notify'],
  ['src/migration/', 'migration'],
  ['src/ui/', 'ui'],
  ['src/cli/', 'cli'],
  ['src/sandbox/', 'sandbox'],
  ['src/testing/', 'testing'],
  ['apps/', 'apps'],
];

/** Names that make code depend on the moment or on chance. */
const TIME_AND_CHANCE = ['Date', 'Math.random', 'setTimeout', 'setInterval', 'performance'];
const ENVIRONMENT = ['process.env'];
const WORLD = ['synth', 'sources/git', 'sources/registry', 'cluster', 'engine'] as const;

/** Who may import whom. Each row is a decision of docs/architecture.md. */
export const RULES: Readonly<Record<Area, AreaRule>> = {
  base: { areas: [], packages: [], builtins: [] },
  app: {
    areas: ['base'],
    packages: ['re2js', 'semver'],
    builtins: [],
    forbidden: [...ENVIRONMENT, ...TIME_AND_CHANCE, 'async'],
  },
  imports: { areas: [], packages: ['cdk8s', 'constructs'], builtins: [] },
  constructs: {
    areas: ['app', 'base', 'imports'],
    packages: ['cdk8s', 'cdk8s-plus-28', 'constructs', 'yaml'],
    builtins: ['node:fs', 'node:net'],
    forbidden: [...ENVIRONMENT, ...TIME_AND_CHANCE, 'async'],
  },
  apps: {
    areas: ['constructs', 'app'],
    packages: [],
    builtins: [],
    forbidden: ['process', ...TIME_AND_CHANCE, 'fetch', 'async'],
  },
  synth: { areas: ['app', 'base'], packages: ['cdk8s', 'esbuild', 'yaml', 'zod'], builtins: 'any' },
  deploy: { areas: ['app', 'base'], packages: ['@pulumi/pulumi', '@pulumi/kubernetes'], builtins: 'no-processes' },
  'sources/git': { areas: ['app', 'base'], packages: ['simple-git', 'zod'], builtins: 'no-processes' },
  'sources/registry': { areas: ['app', 'base'], packages: ['undici', 'zod'], builtins: 'no-processes' },
  cluster: { areas: ['app', 'base'], packages: ['undici', 'yaml', 'zod'], builtins: 'any' },
  engine: { areas: ['app', 'base'], packages: ['@pulumi/pulumi/automation', 'yaml', 'zod'], builtins: 'any' },
  sops: { areas: ['app', 'base'], packages: ['age-encryption', 'yaml', 'zod'], builtins: 'no-processes' },
  'driver/core': {
    areas: ['app', 'base'],
    ports: WORLD,
    packages: [],
    builtins: [],
    forbidden: [...ENVIRONMENT, ...TIME_AND_CHANCE, 'async', 'Promise', 'fetch'],
  },
  'driver/effects': {
    areas: ['app', 'base', 'driver/core'],
    ports: WORLD,
    packages: ['zod'],
    builtins: 'no-processes',
  },
  driver: {
    areas: ['app', 'base', 'driver/core', 'driver/effects'],
    ports: WORLD,
    packages: ['zod'],
    builtins: 'no-processes',
  },
  server: {
    areas: ['app', 'base', 'driver', 'driver/core', 'notify'],
    ports: WORLD,
    packages: ['hono', '@hono/node-server', 'prom-client', 'zod'],
    builtins: 'no-processes',
  },
  // Sends what the decisions say is news; decides nothing but when to try again.
  notify: { areas: ['base', 'driver/core'], packages: ['undici'], builtins: ['node:crypto'] },
  // Reads manifests as the constructs do, and writes applications; a synthesis proves each.
  migration: {
    areas: ['app', 'base', 'constructs'],
    ports: ['synth'],
    packages: ['prettier', 'yaml', 'zod'],
    builtins: 'any',
  },
  // Shows what the API shows. It never asks anything but the view.
  ui: { areas: ['app', 'base', 'driver', 'driver/core', 'server'], packages: ['hono'], builtins: ['node:crypto'] },
  cli: {
    areas: ['app', 'base', 'driver', 'driver/core', 'migration', 'notify', 'server', 'synth', 'sandbox', 'ui'],
    packages: ['commander', 'pino', 'yaml', 'zod'],
    builtins: 'any',
    forbidden: [],
  },
  sandbox: {
    areas: ['app', 'base'],
    packages: ['@grpc/grpc-js', 'google-protobuf', '@pulumi/pulumi/proto', 'undici', 'yaml', 'zod'],
    builtins: 'any',
    forbidden: [],
  },
  testing: { areas: ['app', 'base', 'synth'], packages: ['yaml'], builtins: [] },
  program: { areas: ['app', 'base', 'synth', 'deploy', 'sops'], packages: [], builtins: 'no-processes', forbidden: [] },
  generator: { areas: [], packages: ['yaml'], builtins: 'any', forbidden: [] },
};

/** One thing that one file may do beyond its area's rule. */
export interface Exception {
  readonly path: string;
  /** An area, package or builtin, or a forbidden name. */
  readonly allows: string;
  /** Only as `import type`. */
  readonly typeOnly?: boolean;
  readonly why: string;
}

const WIRED = ['cluster', 'deploy', 'engine', 'sops', 'sources/git', 'sources/registry'];
/** Files that put the parts together, and so are the only ones to see all of them. */
const COMPOSITION_ROOTS = [
  'src/cli/main.ts',
  'src/cli/compose-driver.ts',
  'src/cli/engine-worker.ts',
  'src/cli/local-diff.ts',
  'src/cli/secrets/sources.ts',
];

/** The narrow exceptions. One that is no longer needed fails the test. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    path: 'src/app/define-app.ts',
    allows: 'constructs',
    typeOnly: true,
    why: 'an application builds its objects into a Construct',
  },
  {
    path: 'src/app/sync-window.ts',
    allows: 'croner',
    why: 'when a schedule begins next after a given time is a pure function',
  },
  { path: 'src/app/sync-window.ts', allows: 'Date', why: 'croner takes and gives dates; none is the present one' },
  { path: 'src/app/fingerprint.ts', allows: 'node:crypto', why: 'a hash is a pure function' },
  {
    path: 'src/synth/dependencies.ts',
    allows: 'process.env',
    why: 'npm gets a few of our variables and no credentials',
  },
  { path: 'src/synth/bounded-process.ts', allows: 'process.env', why: 'the child gets PATH and nothing else' },
  {
    path: 'src/sources/registry/credential-helper.ts',
    allows: 'node:child_process',
    why: 'logins of Docker are kept by programs',
  },
  { path: 'src/cli/setup/compile.mjs', allows: 'esbuild', why: 'makes dist/' },
];

/** Exceptions that a composition root has whether it uses them or not. */
export function isWiring(path: string, area: string): boolean {
  return COMPOSITION_ROOTS.includes(path) && WIRED.includes(area);
}
