import { describe, expect, it } from 'vitest';
import { formatJson, formatTable, paint, styleOfState } from '../../src/cli/output.js';

const PLAIN = {};
const TERMINAL = { hasColors: () => true };

describe('cli/output', () => {
  const columns = [
    { title: 'NAME', value: (row: { name: string; state: string }) => row.name },
    {
      title: 'SYNC',
      value: (row: { state: string }) => row.state,
      style: (row: { state: string }) => styleOfState(row.state),
    },
  ];
  const rows = [
    { name: 'mysql', state: 'Synced' },
    { name: 'naver-news', state: 'OutOfSync' },
  ];

  it('a table has columns as wide as their widest cell, and no spaces at the end', () => {
    expect(formatTable(rows, columns, PLAIN)).toBe(
      ['NAME        SYNC', 'mysql       Synced', 'naver-news  OutOfSync'].join('\n'),
    );
  });

  it('a table without rows is its titles', () => {
    expect(formatTable([], columns, PLAIN)).toBe('NAME  SYNC');
  });

  it('colours on a terminal leave the text and the widths as they are', () => {
    const text = formatTable(rows, columns, TERMINAL);

    expect(text).toContain('\u001b[32mSynced\u001b[39m');
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatTable(rows, columns, PLAIN));
  });

  it.each([
    ['a terminal', TERMINAL, '\u001b[31mx\u001b[39m'],
    ['a terminal without colours', { hasColors: () => false }, 'x'],
    ['a file or pipe', PLAIN, 'x'],
  ])('paint for %s', (_what, target, text) => {
    expect(paint(target, 'red', 'x')).toBe(text);
  });

  it('JSON is for other programs', () => {
    expect(formatJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
  });
});
