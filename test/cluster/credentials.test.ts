import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterAccess, Identity } from '../../src/cluster/access.js';
import { createCredentials } from '../../src/cluster/credentials.js';
import { FakeClock } from './fake-clock.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prodesk-credentials-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const access = (identity: Identity): ClusterAccess => ({
  server: 'https://x',
  insecure: false,
  origin: 'test',
  identity,
});

describe('cluster/credentials', () => {
  it.each<[identity: Identity, expected: object]>([
    [{ kind: 'none' }, {}],
    [{ kind: 'token', token: 't' }, { token: 't' }],
    [
      { kind: 'certificate', certificate: 'c', key: 'k' },
      { certificate: 'c', key: 'k' },
    ],
  ])('%j is used as it is', async (identity, expected) => {
    expect(await createCredentials(access(identity), new FakeClock(), {}).current()).toEqual(expected);
  });

  it('a token file is read again after a minute, and at once when the token was refused', async () => {
    const path = join(folder, 'token');
    const clock = new FakeClock();
    const credentials = createCredentials(access({ kind: 'token-file', path }), clock, {});
    const read = async (): Promise<unknown> => (await credentials.current()).token;
    writeFileSync(path, 'one\n');
    expect(await read()).toBe('one');
    writeFileSync(path, 'two');
    expect(await read()).toBe('one');
    await clock.advance(60_000);
    expect(await read()).toBe('two');
    writeFileSync(path, 'three');
    credentials.invalidate();
    expect(await read()).toBe('three');
  });

  it('a token file that is gone is a refusal that names it', async () => {
    const credentials = createCredentials(access({ kind: 'token-file', path: '/nowhere/token' }), new FakeClock(), {});
    await expect(credentials.current()).rejects.toMatchObject({ code: 'cluster/denied' });
  });
});
