import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import type { Registry } from '../../src/sources/registry/port.js';

const IMAGE = 'ghcr.io/sijunkim/friend-app';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const FOR_AMD64 = { platforms: ['linux/amd64'] };

describe('sources/registry with the registry of go-containerregistry', () => {
  let server: ChildProcess;
  let base: string;
  let registry: Registry;

  beforeAll(async () => {
    const crane = await ensureProgram('crane', () => undefined);
    server = spawn(crane, ['registry', 'serve', '--address', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const url = `http://127.0.0.1:${await portOf(server)}`;
    base = `${url}/v2/sijunkim/friend-app`;
    registry = createRegistry({
      endpoints: { 'ghcr.io': { url } },
      timeoutMs: 5000,
      userAgent: 'prodesk-test',
      clock: systemClock,
      logger: silentLogger,
    });
  });
  afterAll(async () => {
    await registry?.close();
    if (server?.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
  });

  const pushBlob = async (content: string): Promise<{ digest: string; size: number }> => {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const response = await fetch(`${base}/blobs/uploads/?digest=${digest}`, { method: 'POST', body: content });
    expect(response.status).toBe(201);
    return { digest, size: content.length };
  };
  const pushManifest = async (reference: string | undefined, mediaType: string, manifest: object) => {
    const content = JSON.stringify({ schemaVersion: 2, mediaType, ...manifest });
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const headers = { 'content-type': mediaType };
    const response = await fetch(`${base}/manifests/${reference ?? digest}`, { method: 'PUT', headers, body: content });
    expect(response.status).toBe(201);
    return { mediaType, digest, size: content.length };
  };
  const pushImage = async (reference: string | undefined, architecture: string, created: string) => {
    const config = await pushBlob(
      JSON.stringify({ os: 'linux', architecture, created, rootfs: { type: 'layers', diff_ids: [] } }),
    );
    return pushManifest(reference, MANIFEST, { config: { mediaType: CONFIG, ...config }, layers: [] });
  };

  it('a repository that was never pushed to is absent', async () => {
    expect(await registry.listTags(IMAGE)).toEqual({ kind: 'absent' });
  });

  it('what was pushed is listed and described', async () => {
    const { digest } = await pushImage('master-1', 'amd64', '2026-02-03T04:05:06Z');
    const other = await pushImage(undefined, 'arm64', '2026-03-01T00:00:00Z');
    const mine = await pushImage(undefined, 'amd64', '2026-03-01T00:00:01Z');
    const index = await pushManifest('master-2', INDEX, {
      manifests: [
        { ...other, platform: { os: 'linux', architecture: 'arm64' } },
        { ...mine, platform: { os: 'linux', architecture: 'amd64' } },
      ],
    });
    expect(await registry.listTags(IMAGE)).toEqual({ kind: 'found', tags: ['master-1', 'master-2'] });
    expect(await registry.describe(IMAGE, 'master-1', FOR_AMD64)).toEqual({
      tag: 'master-1',
      digest,
      createdAt: Date.parse('2026-02-03T04:05:06Z'),
    });
    expect(await registry.describe(IMAGE, 'master-2', FOR_AMD64)).toEqual({
      tag: 'master-2',
      digest: index.digest,
      createdAt: Date.parse('2026-03-01T00:00:01Z'),
    });
    expect(await registry.describe(IMAGE, 'master-1', { platforms: ['linux/arm64'] })).toBeUndefined();
    expect(await registry.describe(IMAGE, 'master-9', FOR_AMD64)).toBeUndefined();
  });

  it('all pages of a long list are read', async () => {
    const { digest: _digest, ...manifest } = await pushImage('page-0000', 'amd64', '2026-01-01T00:00:00Z');
    const content = await (await fetch(`${base}/manifests/page-0000`)).text();
    const tags = Array.from({ length: 1100 }, (_item, index) => `page-${String(index).padStart(4, '0')}`);
    for (const tag of tags) {
      await fetch(`${base}/manifests/${tag}`, {
        method: 'PUT',
        headers: { 'content-type': manifest.mediaType },
        body: content,
      });
    }
    const list = await registry.listTags(IMAGE);
    expect(list.kind === 'found' && list.tags.filter((tag) => tag.startsWith('page-'))).toEqual(tags);
  });
});

/** The port that crane says it serves on. */
async function portOf(server: ChildProcess): Promise<number> {
  const lines = createInterface({ input: server.stderr ?? process.stdin });
  for await (const line of lines) {
    const port = /serving on port (\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      server.stderr?.resume();
      return Number(port);
    }
  }
  throw new Error('crane ended before it served');
}
