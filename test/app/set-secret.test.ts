import { describe, expect, it } from 'vitest';
import { howToSet } from '../../src/app/set-secret.js';

describe('app/set-secret', () => {
  it('a value is asked for, and never part of the command', () => {
    expect(howToSet('shop.TOKEN')).toBe('pulumi config set --secret prodesk:shop.TOKEN');
  });

  it('the key of hashes is random', () => {
    expect(howToSet('restartKey')).toBe('openssl rand -hex 32 | pulumi config set --secret prodesk:restartKey');
  });
});
