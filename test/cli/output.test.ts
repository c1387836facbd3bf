import { describe, expect, it } from 'vitest';
import { formatJson, formatTable, paint, plainButStyled, styleOfState } from '../../src/cli/output.js';

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

  it('a cell is one line without orders to a terminal, and as wide as it is shown', () => {
    const named = [
      { title: 'NAME', value: (row: { name: string }) => row.name },
      { title: 'X', value: () => 'x' },
    ];
    const text = formatTable([{ name: 'a\u001b]0;owned\u0007\nmysql  Synced' }, { name: 'b' }], named, TERMINAL);
    const lines = text.replaceAll(/\u001b\[\d+m/g, '').split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe('a\\u001b]0;owned\\u0007 mysql  Synced  x');
    expect(lines[2]?.length).toBe(lines[1]?.length);
  });

  it('of what is printed, only our own styles reach a terminal as orders', () => {
    const ours = paint(TERMINAL, 'red', 'error:') + paint(TERMINAL, 'bold', ' x');
    expect(plainButStyled(ours)).toBe(ours);
    expect(plainButStyled('\u001b[8mhidden\u001b[2J')).toBe('\\u001b[8mhidden\\u001b[2J');
  });

  it('JSON is for other programs', () => {
    expect(formatJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
  });
});
