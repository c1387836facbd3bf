import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderReference, withoutRecipe } from './reference.js';

const FILE = join(import.meta.dirname, '../../docs/constructs.md');

describe('docs/reference', () => {
  let reference = '';

  beforeAll(async () => {
    reference = await renderReference();
    if (process.env.PRODESK_UPDATE_GOLDEN !== undefined) {
      writeFileSync(FILE, reference);
    }
  });

  it('docs/constructs.md says what the sources say', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(reference);
  });

  it('every link within it leads to a heading', () => {
    const headings = new Set([...reference.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name.toLowerCase()));
    const links = [...reference.matchAll(/\]\(#(\w+)\)/g)].map(([, name = '']) => name);
    expect(links.filter((name) => !headings.has(name))).toEqual([]);
  });

  it('the cookbook uses every construct', () => {
    expect(withoutRecipe()).toEqual([]);
  });
});
