import { describe, expect, it } from 'vitest';
import { textOfLeaf } from '../../src/sops/tree.js';

describe('sops/tree', () => {
  it.each([
    ['x', 'x'],
    [true, 'True'],
    [false, 'False'],
    [null, ''],
    [12345678901234567890n, '12345678901234567890'],
    [5, '5'],
    [0.25, '0.25'],
    [1e21, '1000000000000000000000'],
    [-1.25e22, '-12500000000000000000000'],
    [1e-7, '0.0000001'],
    [-1.5e-8, '-0.000000015'],
  ])('%s is written as SOPS does', (leaf, text) => {
    expect(textOfLeaf(leaf)).toBe(text);
  });
});
