import { describe, expect, it } from 'vitest';
import { foundIn, object } from './revision.js';

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345\n`;
const ENCODED = Buffer.from(POINTER).toString('base64');

describe('app/checks/lfs-pointer', () => {
  it.each([
    ['a ConfigMap', 'ConfigMap', { data: { 'board.json': POINTER } }, "data['board.json']"],
    ['binary data', 'ConfigMap', { binaryData: { 'logo.png': ENCODED } }, "binaryData['logo.png']"],
    ['a Secret', 'Secret', { stringData: { key: POINTER } }, "stringData['key']"],
    ['encoded data of a Secret', 'Secret', { data: { key: ENCODED } }, "data['key']"],
  ])('a pointer in %s is named', (_where, kind, body, field) => {
    expect(foundIn('lfs-pointer', object(kind, 'files', body))).toEqual([`${kind} home/files ${field}`]);
  });

  it('a text about Git LFS is none', () => {
    const text = `see https://git-lfs.github.com\n${POINTER}`;
    expect(foundIn('lfs-pointer', object('ConfigMap', 'files', { data: { text } }))).toEqual([]);
  });
});
