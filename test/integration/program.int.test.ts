import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { DesiredState } from '../../src/app/desired-state.js';
import { resolveImages } from '../../src/deploy/resolve-images.js';
import type { UpdateRequest } from '../../src/engine/port.js';
import { writePluginShims } from '../../src/sandbox/language-host/plugin-shims.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import {
  ID,
  liveOf,
  newTestStack,
  pathOf,
  requestFor,
  startTestCluster,
  type TestCluster,
  type TestStack,
} from '../engine/test-engine.js';

const IMAGE = 'ghcr.io/o/web';

const WEB = `import { defineApp, newestBuild } from '../../src/app/index.js';
import { WebApp } from '../../src/constructs/index.js';
export const app = defineApp({
  namespace: 'prodesk',
  images: [newestBuild('${IMAGE}', { allow: '^master-' })],
  build(scope, context) {
    new WebApp(scope, 'web', { name: 'web', image: '${IMAGE}:master-placeholder', port: 80, env: { WORD: context.setting('word') } });
  },
});
`;
const PINNED = `import { defineApp } from '../../src/app/index.js';
import { WebApp } from '../../src/constructs/index.js';
export const app = defineApp({
  namespace: 'prodesk',
  build(scope) {
    new WebApp(scope, 'web', { name: 'pinned', image: 'redis:7.2', port: 6379 });
  },
});
`;

let cluster: TestCluster;
let stack: TestStack;
let project: string;
let environment: Record<string, string>;

/** A developer's checkout: the real \`src\`, two applications of its own. */
beforeAll(async () => {
  cluster = await startTestCluster();
  stack = await newTestStack(cluster);
  project = await mkdtemp(join(tmpdir(), 'prodesk-program-'));
  await cp('src', join(project, 'src'), { recursive: true });
  await symlink(resolve('node_modules'), join(project, 'node_modules'));
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'Pulumi.yaml']) {
    await cp(file, join(project, file));
  }
  await writeApp('web', WEB);
  await writeApp('pinned', PINNED);
  await writePluginShims(join(project, 'bin'));
  const { PATH = '', ...rest } = stack.environment;
  environment = { ...rest, PATH: `${join(project, 'bin')}:${PATH}`, PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'false' };
  await pulumi('stack', 'init', ID.stack);
});
afterAll(async () => {
  await stack.stop();
  await rm(project, { recursive: true, force: true });
  await cluster.stop();
});
beforeEach(() => configure({ 'prodesk:word': 'hello' }));

async function writeApp(name: string, text: string): Promise<void> {
  await mkdir(join(project, 'apps', name), { recursive: true });
  await writeFile(join(project, 'apps', name, 'app.ts'), text);
}

/** Writes the laptop's stack settings; how secrets are encrypted stays. */
async function configure(config: Record<string, unknown>): Promise<void> {
  const path = join(project, `Pulumi.${ID.stack}.yaml`);
  const { encryptionsalt } = parse(await readFile(path, 'utf8')) as { encryptionsalt: string };
  await writeFile(path, stringify({ encryptionsalt, config }));
}

/** Runs the command as a developer does. A failure gives its output too. */
async function pulumi(...args: string[]): Promise<string> {
  const options = { cwd: project, env: environment };
  const command = promisify(execFile)(cluster.program, [...args, '--non-interactive'], options);
  const { stdout, stderr } = await command.catch((error: unknown) => error as { stdout: string; stderr: string });
  return stdout + stderr;
}

async function imageOf(name: string): Promise<unknown> {
  const live = (await liveOf(cluster.plane, pathOf('deployments', name))) as {
    spec: { template: { spec: { containers: { image: string }[] } } };
  };
  return live.spec.template.spec.containers[0]?.image;
}

/** What the daemon would ask of its engine for the same checkout. */
async function daemonRequest(tag: string): Promise<UpdateRequest> {
  const synthesizer = createSynthesizer({ cacheDirectory: join(project, 'cache') });
  const settings = { settings: { word: 'hello' }, secretKeys: [] };
  const desired: DesiredState = await synthesizer.synthesize({ directory: project, revision: 'r', settings });
  const deployment = resolveImages(desired, { config: { web: { [IMAGE]: tag } }, last: {} });
  const web = deployment.apps.filter(({ name }) => name === 'web');
  return requestFor(web, { images: deployment.images, fingerprints: deployment.fingerprints });
}

describe('integration/program', () => {
  it('a new stack is previewed and deployed with the tags in the code', async () => {
    expect(await pulumi('preview')).toMatch(/\+ \d+ to create/);
    expect(await pulumi('up', '--yes', '--skip-preview')).toMatch(/\+ \d+ created/);
    expect(await imageOf('web')).toBe(`${IMAGE}:master-placeholder`);
    expect(await stack.engine.outputs()).toMatchObject({ images: { web: { [IMAGE]: 'master-placeholder' } } });
  });

  it('after the daemon changed an image, a preview shows nothing, and an up does not put the placeholder back', async () => {
    const result = await stack.engine.update(await daemonRequest('master-1111111'));
    expect(result.changes.filter(({ operation }) => operation !== 'same')).toHaveLength(1);
    expect(await imageOf('web')).toBe(`${IMAGE}:master-1111111`);

    const preview = await pulumi('preview', '--diff');
    expect(preview).not.toMatch(/to (create|update|delete|replace)/);
    expect(preview).toContain('unchanged');
    expect(await pulumi('preview', '--expect-no-changes')).not.toContain('error:');

    expect(await pulumi('up', '--yes', '--skip-preview')).toContain('unchanged');
    expect(await imageOf('web')).toBe(`${IMAGE}:master-1111111`);
  });

  it('the stack configuration wins over what was deployed last, and is remembered after it', async () => {
    await configure({ 'prodesk:word': 'hello', 'prodesk:images': { web: { [IMAGE]: 'master-2222222' } } });
    await pulumi('up', '--yes', '--skip-preview');
    expect(await imageOf('web')).toBe(`${IMAGE}:master-2222222`);
    await configure({ 'prodesk:word': 'hello' });
    expect(await pulumi('up', '--yes', '--skip-preview')).toContain('unchanged');
    expect(await imageOf('web')).toBe(`${IMAGE}:master-2222222`);
  });

  it('an override of an image without a policy does nothing', async () => {
    await configure({ 'prodesk:word': 'hello', 'prodesk:images': { pinned: { redis: '8' } } });
    expect(await pulumi('preview')).not.toMatch(/to update/);
  });

  it('missing configuration is listed with its commands and without a stack trace', async () => {
    await configure({});
    const output = await pulumi('preview');
    expect(output).toContain('pulumi config set prodesk:word');
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('overrides that are no overrides are refused with their key', async () => {
    await configure({ 'prodesk:word': 'hello', 'prodesk:images': { web: 'x' } });
    const output = await pulumi('preview');
    expect(output).toContain('stack config prodesk:images: web must be a map');
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('an application that cannot be synthesized fails the run, and none of its objects is deleted', async () => {
    await writeApp('pinned', PINNED.replace('build(scope) {', "build(scope) { throw new Error('out of order');"));
    try {
      const output = await pulumi('up', '--yes', '--skip-preview', '--continue-on-error');
      expect(output).toContain('out of order');
      expect(output).toContain('apps/pinned/app.ts');
      expect(await imageOf('pinned')).toBe('redis:7.2');
    } finally {
      await writeApp('pinned', PINNED);
    }
  });
});
