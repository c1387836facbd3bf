import { pino, stdTimeFunctions } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import { messageOf } from '../base/errors.js';
import { redact } from '../base/redact.js';
import { oneLine, visible } from '../base/visible-text.js';
import type { LogFields, Logger } from '../base/logger.js';

/** How much and how is logged. */
export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** One readable line an entry, instead of JSON. */
  readonly pretty: boolean;
  /** @default standard error */
  readonly write?: (line: string) => void;
}

/** Logs to standard error. Everything written is redacted, and nothing of it is an order to a terminal or looks like a line of its own. */
export function createLogger({ level, pretty, write = writeToStderr }: LoggerOptions): Logger {
  const destination = { write: (line: string) => write(visible(redact(pretty ? prettyLine(line) : line))) };
  const serializers = { error: messageOf };
  const base = pino({ level, base: null, timestamp: stdTimeFunctions.isoTime, serializers }, destination);
  return wrap(base);
}

function wrap(logger: PinoLogger): Logger {
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    child: (fields: LogFields) => wrap(logger.child(fields)),
  };
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR' };

function prettyLine(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${oneLine(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return `${String(time).slice(11, 23)} ${(LEVELS[Number(level)] ?? '').padEnd(5)} ${oneLine(String(msg))} ${rest.join(' ')}\n`;
}
