import { describe, expect, it } from 'vitest';
import type { DesiredState } from '../../../src/app/desired-state.js';
import { StalledError } from '../../../src/base/errors.js';
import { decryptFiles } from '../../../src/driver/effects/secret-values.js';
import { application } from '../core/scenario.js';

const DESIRED: DesiredState = {
  revision: 'c1',
  apps: { a: { ...application('a'), encryptedFiles: { f: 'bad' } }, b: application('b') },
  disabled: ['d'],
  failed: { e: { message: 'threw' } },
};

describe('driver/effects/secret-values', () => {
  it('an application whose file cannot be decrypted fails alone, and says why', async () => {
    const error = new StalledError('sops/damaged', 'apps/a/x.sops.yaml was changed');
    const files = {
      valuesOf: ({ encryptedFiles }: { readonly encryptedFiles?: object }) =>
        encryptedFiles === undefined ? Promise.resolve({ k: 'v' }) : Promise.reject(error),
    };
    expect(await decryptFiles(DESIRED, files)).toEqual({
      desired: {
        ...DESIRED,
        apps: { b: DESIRED.apps['b'] },
        failed: { e: { message: 'threw' }, a: { message: 'apps/a/x.sops.yaml was changed' } },
      },
      values: { k: 'v' },
    });
  });

  it('an unknown failure is not taken for one of the application', async () => {
    const files = { valuesOf: () => Promise.reject(new TypeError('bug')) };
    await expect(decryptFiles(DESIRED, files)).rejects.toThrow('bug');
  });
});
