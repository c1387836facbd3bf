import { describe, expect, it } from 'vitest';
import { indented, oneLine, visible } from '../../src/base/visible-text.js';

describe('base/visible-text', () => {
  it.each([
    ['clears the screen', '\u001b[2J', '\\u001b[2J'],
    ['sets the title', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['begins an order in one character', '\u009b31m', '\\u009b31m'],
    ['writes over the line', 'Synced\rOutOfSync', 'Synced\\u000dOutOfSync'],
    ['erases what was written', 'abc\b\b\b\u007f', 'abc\\u0008\\u0008\\u0008\\u007f'],
    ['turns the direction', 'user\u202egnp.exe\u2066', 'user\\u202egnp.exe\\u2066'],
    ['is not to be seen', 'ad\u200bmin\ufeff', 'ad\\u200bmin\\ufeff'],
    ['is a tag character', '\u{e0041}', '\\udb40\\udc41'],
    ['breaks a line in secret', 'a\u2028b\u0085c', 'a\\u2028b\\u0085c'],
  ])('a text that %s is written out', (_what, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('ordinary text of any language stays as it is', () => {
    const text = 'ÄÖ\t한국어 العربية 👩‍💻 ✓\nsecond line';
    expect(visible(text)).toBe(text);
    expect(visible('a\r\nb')).toBe('a\nb');
  });

  it('JSON stays the same JSON', () => {
    const value = { text: 'a\u001b[2J\u009b\u202e\u2028\u{e0041}\r\n', list: ['\u007f'] };
    expect(JSON.parse(visible(JSON.stringify(value, null, 2)))).toEqual(value);
  });

  it('one line has no way to begin another one', () => {
    expect(oneLine(' first \n\n  second\r\nthird\tx ')).toBe('first second third x');
  });

  it('further lines are set in', () => {
    expect(indented('failed:\nmysql  Synced')).toBe('failed:\n    mysql  Synced');
  });
});
