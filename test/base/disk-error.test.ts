import { describe, expect, it } from 'vitest';
import { diskErrorOf, tellingDiskErrors } from '../../src/base/disk-error.js';

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: it failed`), { code });
}

describe('base/disk-error', () => {
  it.each([
    ['ENOSPC', 'disk/full'],
    ['EDQUOT', 'disk/full'],
    ['EROFS', 'disk/read-only'],
  ])('%s is %s, says which file, and is tried again', (code, expected) => {
    const error = diskErrorOf(failure(code), 'write /state/memory.json');
    expect(error).toMatchObject({ code: expected, disposition: 'retry' });
    expect(error?.message).toContain('cannot write /state/memory.json');
  });

  it.each([failure('EACCES'), new Error('no code'), 'text', undefined])('%s is none', (thrown) => {
    expect(diskErrorOf(thrown, 'write')).toBeUndefined();
  });

  it('another failure stays what it is', async () => {
    const other = failure('EACCES');
    await expect(tellingDiskErrors('write', () => Promise.reject(other))).rejects.toBe(other);
    await expect(tellingDiskErrors('write', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
