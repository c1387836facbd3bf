import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { CancelledError, ConfigError, messageOf } from '../../base/errors.js';

/** Where a value is to come from. Without a word it is asked for on a terminal, and read from standard input otherwise. */
export interface ValueSource {
  /** A file whose content is the value, to the last byte. */
  readonly fromFile?: string;
  /** Standard input even on a terminal. */
  readonly stdin?: boolean;
  /** 32 random bytes in hexadecimal digits. */
  readonly random?: boolean;
}

/** Standard input, as far as it may be a terminal. */
export interface SecretInput extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** The streams of a process. */
export interface Streams {
  readonly input: SecretInput;
  /** What is asked goes here; it is no result. */
  readonly output: Writable;
}

const [ENTER, NEWLINE, INTERRUPT, END, BACKSPACE, DELETE] = ['\r', '\n', '\u0003', '\u0004', '\b', '\u007f'];

/**
 * Reads a value without showing it.
 * @throws ConfigError `config/invalid` when the value is empty, or the file cannot be read; CancelledError when it is interrupted
 */
export async function readValue(key: string, source: ValueSource, streams: Streams): Promise<string> {
  if ([source.fromFile !== undefined, source.stdin, source.random].filter((chosen) => chosen === true).length > 1) {
    throw new ConfigError('config/invalid', 'choose one of --from-file, --stdin and --random');
  }
  const value = await readFrom(key, source, streams);
  if (value === '') {
    throw new ConfigError('config/invalid', `the value of ${key} is empty; nothing was set`);
  }
  return value;
}

async function readFrom(key: string, { fromFile, stdin, random }: ValueSource, streams: Streams): Promise<string> {
  if (random === true) {
    return randomBytes(32).toString('hex');
  }
  if (fromFile !== undefined) {
    return readFile(fromFile, 'utf8').catch((error: unknown) => {
      throw new ConfigError('config/invalid', `the value of ${key} cannot be read: ${messageOf(error)}`);
    });
  }
  const asks = streams.input.isTTY === true && stdin !== true;
  return asks ? askHidden(`Value of ${key} (not shown): `, streams) : withoutLastNewline(await readAll(streams.input));
}

async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk as Uint8Array | string));
  }
  return Buffer.concat(chunks).toString('utf8');
}

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** Reads a line from a terminal that shows nothing of it. */
async function askHidden(question: string, { input, output }: Streams): Promise<string> {
  output.write(question);
  input.setRawMode?.(true);
  try {
    return await lineOf(input);
  } finally {
    input.setRawMode?.(false);
    input.pause();
    output.write('\n');
  }
}

function lineOf(input: Readable): Promise<string> {
  let line = '';
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      input.off('data', take);
      end();
    };
    const take = (chunk: Buffer | string): void => {
      for (const character of chunk.toString('utf8')) {
        switch (character) {
          case ENTER:
          case NEWLINE:
          case END:
            return finish(() => resolve(line));
          case INTERRUPT:
            return finish(() => reject(new CancelledError('cancelled/shutdown', 'interrupted; nothing was set')));
          case BACKSPACE:
          case DELETE:
            line = [...line].slice(0, -1).join('');
            break;
          default:
            line += character;
        }
      }
    };
    input.on('data', take).resume();
  });
}
