import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const ROWS = readFileSync(join(ROOT, 'docs', 'security.md'), 'utf8')
  .split('\n')
  .map((line) => /^\| (T\d+) +\|([^|]*)\|(.*)\|$/.exec(line))
  .filter((row) => row !== null);

describe('docs/security', () => {
  it('the table has T1 to T36, each once', () => {
    expect(ROWS.map(([, id]) => id)).toEqual(Array.from({ length: 36 }, (_, index) => `T${index + 1}`));
  });

  it.each(ROWS.map(([, id = '', , tests = '']) => [id, tests] as const))(
    '%s names tests that exist, or says that there is none',
    (_id, tests) => {
      const named = [...tests.matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)].map(([, file = '', name = '']) => ({
        file,
        name,
      }));
      const missing = named.filter(({ file, name }) => {
        const path = join(ROOT, file);
        return !existsSync(path) || !readFileSync(path, 'utf8').replaceAll("\\'", "'").includes(name);
      });
      expect(missing).toEqual([]);
      expect(named.length > 0 || /not yet|does not apply/.test(tests)).toBe(true);
    },
  );
});
