import { describe, expect, it } from 'vitest';
import { environments } from '../../src/app/index.js';

describe('app/environments', () => {
  const shop = environments(
    { dev: { namespace: 'dev', branch: 'dev' }, prod: { namespace: 'prod', branch: 'main' } },
    ({ environment, namespace, branch }) => ({
      namespace,
      sync: environment === 'prod' ? 'manual' : 'auto',
      images: [{ image: 'shop', strategy: 'newest-build', platform: 'linux/amd64', allow: `^${branch}-` }],
      build: () => undefined,
    }),
  );

  it('each environment is an application of its own', () => {
    expect(shop.dev).toMatchObject({
      isProdeskApp: true,
      namespace: 'dev',
      sync: 'auto',
      images: [{ allow: '^dev-' }],
    });
    expect(shop.prod).toMatchObject({ isProdeskApp: true, namespace: 'prod', sync: 'manual' });
  });

  it('an environment that is not there is refused by the compiler', () => {
    // @ts-expect-error there are only dev and prod
    expect(shop.test).toBeUndefined();
  });
});
