import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readValue, type SecretInput, type ValueSource } from '../../../src/cli/secrets/read-value.js';

/** A process whose standard input is a terminal, or a pipe that was closed. */
function streams(typed: string, isTTY: boolean) {
  const modes: boolean[] = [];
  const shown: string[] = [];
  const stream = new PassThrough();
  const input: SecretInput = Object.assign(stream, { isTTY, setRawMode: (raw: boolean) => modes.push(raw) });
  stream.write(typed);
  if (!isTTY) {
    stream.end();
  }
  const output = new PassThrough().on('data', (text: Buffer) => shown.push(text.toString()));
  return { input, output, modes, shown };
}

function read(typed: string, isTTY: boolean, source: ValueSource = {}) {
  const process = streams(typed, isTTY);
  return { ...process, value: readValue('shop.A', source, process) };
}

describe('cli/secrets/read-value', () => {
  it('on a terminal it is asked for and not shown, and the terminal is as before', async () => {
    const { value, modes, shown } = read('hunter2\r', true);
    expect(await value).toBe('hunter2');
    expect(modes).toEqual([true, false]);
    expect(shown.join('')).toBe('Value of shop.A (not shown): \n');
  });

  it.each([
    ['a line feed ends it', 'abc\n', 'abc'],
    ['the end of input ends it', 'abc\u0004', 'abc'],
    ['backspace takes one character back, of any width', 'ab€\u007f\u007f\bxyz\r', 'xyz'],
    ['what follows is left', 'abc\rdef', 'abc'],
  ])('%s', async (_what, typed, expected) => {
    expect(await read(typed, true).value).toBe(expected);
  });

  it('Ctrl-C sets nothing, and the terminal is as before', async () => {
    const { value, modes } = read('hunt\u0003', true);
    await expect(value).rejects.toMatchObject({ disposition: 'cancelled' });
    expect(modes).toEqual([true, false]);
  });

  it.each([
    ['one line break is taken off', 'a b\n', 'a b'],
    ['others stay', 'a\r\n\r\nb\n\n', 'a\r\n\r\nb\n'],
    ['bytes of several characters survive', '비밀번호', '비밀번호'],
  ])('from a pipe: %s', async (_what, piped, expected) => {
    expect(await read(piped, false).value).toBe(expected);
  });

  it('--stdin reads a terminal like a pipe', async () => {
    const process = streams('a\n', true);
    process.input.push(null);
    expect(await readValue('shop.A', { stdin: true }, process)).toBe('a');
    expect(process.modes).toEqual([]);
  });

  it('--random is long, and another one each time', async () => {
    const [a, b] = [await read('', false, { random: true }).value, await read('', false, { random: true }).value];
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(a).not.toBe(b);
  });

  it.each([
    ['nothing', '', {}, 'the value of shop.A is empty'],
    ['a file that is not there', '', { fromFile: '/nonexistent' }, 'cannot be read'],
    ['two sources', 'x', { stdin: true, random: true }, 'choose one'],
  ])('%s is refused', async (_what, piped, source, message) => {
    await expect(read(piped, false, source).value).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining(message) as string,
    });
  });
});
