import { describe, expect, it } from 'vitest';
import { sopsKey } from '../../src/app/sops-reference.js';
import { howToSet, missingSecret } from '../../src/app/set-secret.js';

describe('app/set-secret', () => {
  it('a value is asked for, and never part of the command', () => {
    expect(howToSet('shop.TOKEN')).toBe('pulumi config set --secret prodesk:shop.TOKEN');
  });

  it.each([
    ['shop.TOKEN', 'secret prodesk:shop.TOKEN is not set; set it with: pulumi config set --secret prodesk:shop.TOKEN'],
    [
      sopsKey({ app: 'shop', file: 'x.sops.env' }),
      'apps/shop/x.sops.env was not decrypted; it must be part of the revision',
    ],
  ])('a value for %s that is not there', (key, message) => {
    expect(missingSecret(key)).toBe(message);
  });

  it('the key of hashes is random', () => {
    expect(howToSet('restartKey')).toBe('openssl rand -hex 32 | pulumi config set --secret prodesk:restartKey');
  });
});
