import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REMEDIES } from '../../src/cli/remedies.js';

describe('cli/remedies', () => {
  it('the README lists every error code with the same remedy', () => {
    const readme = readFileSync('README.md', 'utf8');
    const rows = [...readme.matchAll(/^\| `([a-z]+\/[a-z-]+)`\s*\| (.*?)\s*\|$/gm)].map(([, code, text]) => [
      code,
      text,
    ]);
    expect(Object.fromEntries(rows)).toEqual(REMEDIES);
  });
});
