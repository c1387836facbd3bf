import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesiredState } from '../../src/app/desired-state.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import { sopsKey } from '../../src/app/sops-reference.js';
import { syncPolicyOf } from '../../src/app/sync-policy.js';
import { attachEncryptedFiles } from '../../src/synth/encrypted-files.js';

const ENCRYPTED = 'A: ENC[AES256_GCM,data:x]\nsops: {}\n';
const FILE = 'apps/shop/db.sops.yaml';

/** One application that refers to values of `db.sops.yaml`, and one that has secrets of the stack. */
function state(): DesiredState {
  const marker = (path: string): string => secretMarker(sopsKey({ app: 'shop', file: 'db.sops.yaml', path: [path] }));
  const app = (name: string, data: Record<string, string>) => ({
    name,
    namespace: 'home',
    sync: syncPolicyOf(),
    images: [],
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }],
  });
  const apps = { shop: app('shop', { a: marker('A'), b: marker('B') }), web: app('web', { a: secretMarker('web.A') }) };
  return { revision: 'c', apps, disabled: [], failed: {} };
}

describe('synth/encrypted-files', () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'checkout-')));
    await mkdir(join(root, 'apps', 'shop'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  it('the encrypted text travels with the application that refers to it, and with no other', async () => {
    await writeFile(join(root, FILE), ENCRYPTED);
    await writeFile(join(root, 'apps/shop/unused.sops.yaml'), ENCRYPTED);
    const { apps, failed } = await attachEncryptedFiles(state(), root);
    expect(failed).toEqual({});
    expect(apps['shop']).toEqual({ ...state().apps['shop'], encryptedFiles: { [FILE]: ENCRYPTED } });
    expect(apps['web']).toEqual(state().apps['web']);
  });

  it('an application whose file is missing fails alone', async () => {
    const { apps, failed } = await attachEncryptedFiles(state(), root);
    expect(Object.keys(apps)).toEqual(['web']);
    expect(failed['shop']).toEqual({
      message: `there is no file ${FILE}; write it with: sops edit ${FILE}`,
      location: FILE,
    });
  });

  it.each([
    ['is not encrypted', 'A: sentinel\nsops: {}\n'],
    ['is larger than 1 MiB', ENCRYPTED.padEnd(2 ** 20 + 1, 'x')],
  ])('a file that %s is not taken, and its text goes nowhere', async (why, text) => {
    await writeFile(join(root, FILE), text);
    const result = await attachEncryptedFiles(state(), root);
    expect(result.failed['shop']?.message).toContain(`${FILE} ${why}`);
    expect(JSON.stringify(result)).not.toContain('sentinel');
  });

  it('a link that leads out of the checkout is followed by nobody', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'x'), ENCRYPTED);
    await symlink(join(outside, 'x'), join(root, FILE));
    expect((await attachEncryptedFiles(state(), root)).failed['shop']?.message).toContain('there is no file');
    await rm(outside, { recursive: true });
  });
});
