import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../src/cluster/line-splitter.js';

describe('cluster/line-splitter', () => {
  it.each<[rule: string, chunks: string[], lines: string[]]>([
    ['several lines in one chunk', ['{"a":1}\n{"b":2}\n'], ['{"a":1}', '{"b":2}']],
    ['a line over several chunks', ['{"a"', ':1', '}\n'], ['{"a":1}']],
    ['the rest waits for its end', ['{"a":1}\n{"b"'], ['{"a":1}']],
    ['empty lines are left out', ['\n\r\n{}\r\n'], ['{}']],
  ])('%s', (_rule, chunks, lines) => {
    const splitter = new LineSplitter(100);
    expect(chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)))).toEqual(lines);
  });

  it('a character that is cut by a chunk is whole', () => {
    const splitter = new LineSplitter(100);
    const bytes = Buffer.from('"한글"\n');
    expect([...splitter.push(bytes.subarray(0, 3)), ...splitter.push(bytes.subarray(3))]).toEqual(['"한글"']);
  });

  it('a line that is too long is refused, a long stream of lines is not', () => {
    const splitter = new LineSplitter(10);
    for (let count = 0; count < 100; count += 1) {
      splitter.push(Buffer.from('123456789\n'));
    }
    expect(() => splitter.push(Buffer.from('12345678901'))).toThrow(RangeError);
  });
});
