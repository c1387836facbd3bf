import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commonFolder, findKustomization, kustomizationTree } from '../../src/migration/kustomization.js';

const SHOP = join(import.meta.dirname, '../fixtures/import/shop');

describe('migration/kustomization', () => {
  it('finds everything that an overlay is made of, and the folder that holds it', async () => {
    const tree = await kustomizationTree(join(SHOP, 'overlays/prod'));
    expect(tree.map(({ file }) => file.slice(SHOP.length + 1))).toEqual([
      'overlays/prod/kustomization.yaml',
      'base/kustomization.yaml',
      'components/metrics/kustomization.yaml',
    ]);
    expect(commonFolder(tree)).toBe(SHOP);
    expect(commonFolder(tree.slice(0, 1))).toBe(join(SHOP, 'overlays/prod'));
  });

  it('finds none in a folder without one', async () => {
    expect(await findKustomization(SHOP)).toBeUndefined();
  });
});
