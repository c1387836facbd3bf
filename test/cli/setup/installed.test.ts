import { describe, expect, it } from 'vitest';
import { missingPackages } from '../../../src/cli/setup/installed.mjs';

describe('cli/setup/installed', () => {
  const locked = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/tool': { version: '2.0.0', dev: true },
    'node_modules/other-platform': { version: '3.0.0', optional: true },
  };

  it.each([
    ['everything there', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/tool': { version: '2.0.0' } }, [], []],
    ['no development tools', { 'node_modules/a': { version: '1.0.0' } }, ['node_modules/tool'], []],
    [
      'another version',
      { 'node_modules/a': { version: '1.0.1' }, 'node_modules/tool': { version: '2.0.0' } },
      ['node_modules/a'],
      ['node_modules/a'],
    ],
    ['nothing', {}, ['node_modules/a', 'node_modules/tool'], ['node_modules/a']],
  ])('with %s, just what is missing is named', (_what, installed, all, production) => {
    expect(missingPackages(locked, installed, 'all')).toEqual(all);
    expect(missingPackages(locked, installed, 'production')).toEqual(production);
  });
});
