import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/cli/logger.js';

const SUBJECT = 'Fix\u001b[2J\u009b1m\n12:00:00.000 ERROR forged line';

function logged(pretty: boolean): string {
  const lines: string[] = [];
  createLogger({ level: 'info', pretty, write: (line) => lines.push(line) }).info('revision taken', {
    subject: SUBJECT,
  });
  return lines.join('');
}

describe('cli/logger', () => {
  it('a readable entry is one line, and nothing of it is an order to a terminal', () => {
    const text = logged(true);
    expect(text).toContain('subject=Fix\\u001b[2J\\u009b1m 12:00:00.000 ERROR forged line');
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });

  it('a JSON entry holds the text itself, and shows no order to a terminal', () => {
    const text = logged(false);
    expect(text).not.toMatch(/[\u001b\u009b]/);
    expect(JSON.parse(text)).toMatchObject({ msg: 'revision taken', subject: SUBJECT });
  });

  it('credentials are redacted in both', () => {
    for (const pretty of [true, false]) {
      const lines: string[] = [];
      const logger = createLogger({ level: 'info', pretty, write: (line) => lines.push(line) });
      logger.warn('cannot read https://me:hunter22@host/x.git', { error: new Error('password: hunter22') });
      expect(lines.join('')).not.toContain('hunter22');
    }
  });
});
