import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import { secretMarker } from '../../../src/app/secret-marker.js';
import { sopsKey } from '../../../src/app/sops-reference.js';
import { syncPolicyOf } from '../../../src/app/sync-policy.js';
import { type IsInFile, listSecrets } from '../../../src/cli/secrets/list.js';

function app(name: string, ...keys: string[]): DesiredApp {
  const data = Object.fromEntries(keys.map((key) => [key, secretMarker(key)]));
  const objects = [{ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: data }];
  return { name, namespace: 'home', sync: syncPolicyOf(), images: [], objects };
}

describe('cli/secrets/list', () => {
  it('every secret is there once, with who uses it and whether it is set; those of files come last', () => {
    const apps = {
      web: app('web', 'shared', 'web.A'),
      shop: app(
        'shop',
        'shared',
        'shop.B',
        sopsKey({ app: 'shop', file: 'db.sops.yaml', path: ['stringData', 'C'] }),
        sopsKey({ app: 'shop', file: 'redis.sops.conf' }),
      ),
    };
    const isInFile: IsInFile = (user, { file }) => user.name === 'shop' && file === 'db.sops.yaml';
    const rows = listSecrets(
      { apps },
      { settings: {}, secretKeys: ['shared', 'shop.B', 'old.X', 'restartKey'] },
      isInFile,
    );
    expect(rows.map(({ name, source, apps: users, state }) => [name, source, users.join(' '), state])).toEqual([
      ['old.X', 'stack', '', 'unused'],
      ['shared', 'stack', 'shop web', 'set'],
      ['shop.B', 'stack', 'shop', 'set'],
      ['web.A', 'stack', 'web', 'missing'],
      ['stringData.C', 'apps/shop/db.sops.yaml', 'shop', 'set'],
      ['(whole file)', 'apps/shop/redis.sops.conf', 'shop', 'missing'],
    ]);
  });
});
