import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitRemote, pushCommit } from '../../src/sandbox/git-remote.js';
import { deleteImage, pushImage, readBehavior } from '../../src/sandbox/images.js';
import { behaviorIn } from '../../src/sandbox/registry.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';

const run = promisify(execFile);

describe('integration/sandbox-sources', () => {
  let directory: string;
  let sandbox: Sandbox;
  let endpoint: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'prodesk-sandbox-'));
    sandbox = await startSandbox({ directory, components: ['registry', 'git'], log: () => undefined });
    endpoint = sandbox.registry?.endpoint ?? '';
  });

  afterAll(async () => {
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function getJson(path: string, accept = 'application/json'): Promise<{ digest: string | null; body: unknown }> {
    const response = await fetch(`${endpoint}/v2/${path}`, { headers: { accept } });
    return { digest: response.headers.get('docker-content-digest'), body: await response.json() };
  }

  describe('the registry', () => {
    it('lists what was pushed, under the digest that the push gave', async () => {
      const digest = await pushImage(endpoint, 'owner/app', 'master-1', {
        createdAt: new Date('2026-03-08T10:00:00Z'),
      });
      await pushImage(endpoint, 'owner/app', 'master-2');
      const manifest = await getJson('owner/app/manifests/master-1', 'application/vnd.oci.image.manifest.v1+json');
      const { digest: config } = (manifest.body as { config: { digest: string } }).config;

      expect((await getJson('owner/app/tags/list')).body).toEqual({
        name: 'owner/app',
        tags: ['master-1', 'master-2'],
      });
      expect(manifest.digest).toBe(digest);
      expect((await getJson(`owner/app/blobs/${config}`)).body).toMatchObject({
        created: '2026-03-08T10:00:00.000Z',
        os: 'linux',
        architecture: 'amd64',
      });
    });

    it('an image for several platforms is an index of one manifest each', async () => {
      await pushImage(endpoint, 'owner/many', 'master-1', { platforms: ['linux/arm64', 'linux/amd64'] });
      const { body } = await getJson('owner/many/manifests/master-1', 'application/vnd.oci.image.index.v1+json');

      expect(body).toMatchObject({
        manifests: [{ platform: { architecture: 'arm64' } }, { platform: { architecture: 'amd64' } }],
      });
    });

    it('a tag that was deleted is missing', async () => {
      await pushImage(endpoint, 'owner/gone', 'master-1');

      expect(await deleteImage(endpoint, 'owner/gone', 'master-1')).toBe(true);
      expect(await readBehavior(endpoint, 'owner/gone', 'master-1')).toBe('missing');
      expect(await deleteImage(endpoint, 'owner/gone', 'master-1')).toBe(false);
    });

    it.each([
      ['ghcr.io/owner/bad:master-1', 'oom'],
      ['ghcr.io/owner/bad:master-0', 'missing'],
      ['ghcr.io/owner/bad', 'missing'],
      ['docker.io/owner/bad:master-1', 'run'],
      ['mysql:8.0.37', 'run'],
    ])('a pod with %s does: %s', async (image, behavior) => {
      await pushImage(endpoint, 'owner/bad', 'master-1', { behavior: 'oom' });

      expect(await behaviorIn(endpoint)(image)).toBe(behavior);
    });

    it('a pod that names a digest gets that image, whatever the tag has become', async () => {
      const digest = await pushImage(endpoint, 'owner/pinned', 'master-1', { behavior: 'crash' });
      await pushImage(endpoint, 'owner/pinned', 'master-1');

      expect(await behaviorIn(endpoint)(`ghcr.io/owner/pinned:master-1@${digest}`)).toBe('crash');
      expect(await behaviorIn(endpoint)('ghcr.io/owner/pinned:master-1')).toBe('run');
    });

    it('a registry that does not answer is an error, not a missing image', async () => {
      await expect(behaviorIn('http://127.0.0.1:1')('ghcr.io/owner/app:master-1')).rejects.toThrow();
    });
  });

  describe('the Git remote', () => {
    const git = async (...args: string[]): Promise<string> =>
      (await run('git', ['--git-dir', sandbox.git?.url ?? '', ...args])).stdout.trim();

    it('commits build on each other, add and remove files, and give their names', async () => {
      const remote = sandbox.git?.url ?? '';
      const first = await pushCommit(remote, 'Add two', { 'apps/a/app.ts': 'one\n', 'apps/b/app.ts': 'two\n' });
      const second = await pushCommit(remote, 'Drop one', { 'apps/a': null, 'apps/b/app.ts': 'three\n' });

      expect(await git('rev-parse', 'master', 'master~1')).toBe(`${second}\n${first}`);
      expect(await git('ls-tree', '-r', '--name-only', 'master')).toBe('apps/b/app.ts');
      expect(await git('show', 'master:apps/b/app.ts')).toBe('three');
      expect(await git('log', '-1', '--format=%s', 'master')).toBe('Drop one');
    });

    it('a function may change the files as it likes', async () => {
      const remote = await createGitRemote(join(directory, 'other.git'));
      const commit = await pushCommit(remote, 'Write', (clone) => writeFile(join(clone, 'file'), 'content'));
      const { stdout } = await run('git', ['--git-dir', remote, 'show', `${commit}:file`]);

      expect(stdout).toBe('content');
    });
  });

  it('the environment leads programs to both', () => {
    expect(sandbox.env).toMatchObject({
      PRODESK_GIT_URL: sandbox.git?.url,
      PRODESK_REGISTRIES: JSON.stringify({ 'ghcr.io': { url: endpoint } }),
      PULUMI_BACKEND_URL: `file://${directory}/backend`,
    });
    expect(sandbox.env).not.toHaveProperty('KUBECONFIG');
  });
});
