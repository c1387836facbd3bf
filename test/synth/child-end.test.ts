import { describe, expect, it } from 'vitest';
import { diagnoseChild } from '../../src/synth/child-end.js';
import { MessageLines } from '../../src/synth/message-lines.js';

const run = { directory: '/c', limits: { timeoutMs: 1000, memoryMiB: 100, outputBytes: 100 } };
const linesOf = (text: string): MessageLines => {
  const lines = new MessageLines();
  lines.add(Buffer.from(text));
  return lines;
};
const STARTED = '{"type":"started","protocol":1}\n';
const BUILDING = `${STARTED}{"type":"building","app":"a"}\n`;

describe('synth/child-end', () => {
  it('a child that said it is done and ended well has no failure', () => {
    const lines = linesOf(`${STARTED}{"type":"done"}\n`);
    expect(diagnoseChild({ code: 0, signal: null, lines, noise: '', run })).toBeUndefined();
  });

  it.each([
    [
      'heap exhaustion is a limit',
      { code: null, signal: 'SIGABRT' as const, text: BUILDING, noise: 'JavaScript heap out of memory' },
      'synth/limit',
      'memory at apps/a/app.ts',
    ],
    [
      'an exit in the middle names the application',
      { code: 13, signal: null, text: BUILDING, noise: '' },
      'synth/threw',
      '(exit code 13) at apps/a/app.ts',
    ],
    [
      'an end without done is a failure',
      { code: 0, signal: null, text: STARTED, noise: '' },
      'synth/threw',
      'without a result',
    ],
    [
      'a signal is named',
      { code: null, signal: 'SIGSEGV' as const, text: BUILDING, noise: '' },
      'synth/threw',
      'signal SIGSEGV',
    ],
    [
      'an early end shows what was printed',
      { code: 1, signal: null, text: '', noise: 'Cannot find module /c/src/x.ts' },
      'synth/threw',
      'before it began:\nCannot find module src/x.ts',
    ],
    [
      'another protocol is refused',
      { code: 0, signal: null, text: '{"type":"started","protocol":2}\n', noise: '' },
      'synth/threw',
      'protocol',
    ],
    [
      'a line that is no JSON is refused',
      { code: 0, signal: null, text: 'hello\n', noise: '' },
      'synth/threw',
      'unexpected',
    ],
  ])('%s', (_rule, { code, signal, text, noise }, expected, message) => {
    const failure = diagnoseChild({ code, signal, lines: linesOf(text), noise, run });
    expect(failure?.code).toBe(expected);
    expect(failure?.message).toContain(message);
  });
});

describe('synth/message-lines', () => {
  it('a line that arrives in pieces is one message', () => {
    const lines = new MessageLines();
    for (const byte of Buffer.from(`${BUILDING}{"type":"failed","app":"a","message":"ä","stack":""}\n`)) {
      lines.add(Buffer.from([byte]));
    }
    expect(lines.messages.map(({ type }) => type)).toEqual(['started', 'building', 'failed']);
    expect(lines.messages[2]).toMatchObject({ message: 'ä' });
    expect(lines.building).toBeUndefined();
  });

  it('a missing value does not hide which application is being built', () => {
    expect(linesOf(`${BUILDING}{"type":"missing","app":"a","kind":"setting","key":"k"}\n`).building).toBe('a');
  });
});
