import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call, type CodeValue, Expression, renderCode } from '../../src/migration/code.js';

const evaluate = (code: string): unknown => JSON.parse(JSON.stringify(runInNewContext(`(${code})`))) as unknown;

describe('migration/code', () => {
  it('writes any JSON value so that it reads back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(evaluate(renderCode(value as CodeValue))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    'two\nlines',
    'back`tick\n${not.a.hole} \\n\n',
    'carriage\r\nreturn\r\n',
    'zero\u0000 and separator\u2028\nnext',
    '\n\n  leading\n',
  ])('keeps %j exactly', (text) => {
    expect(evaluate(renderCode(text))).toBe(text);
  });

  it('keeps lines apart only where there are several', () => {
    expect(renderCode('one\n')).toBe('"one\\n"');
    expect(renderCode('one\ntwo\n')).toBe('`one\ntwo\n`');
  });

  it('writes expressions as they are, and no property that is undefined', () => {
    expect(renderCode({ a: new Expression('context.secret("A")'), b: undefined })).toBe('{ "a": context.secret("A") }');
    expect(call('newestBuild', 'image', { allow: '^v' }).text).toBe('newestBuild("image", { "allow": "^v" })');
  });

  it('writes permissions as octal numbers', () => {
    expect(renderCode({ defaultMode: 0o444 })).toBe('{ "defaultMode": 0o444 }');
  });
});
