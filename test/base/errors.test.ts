import { describe, expect, it } from 'vitest';
import {
  BugError,
  CancelledError,
  ConfigError,
  ProdeskError,
  StalledError,
  TransientError,
  assertNever,
  messageOf,
} from '../../src/base/errors.js';

describe('base/errors', () => {
  it.each([
    [TransientError, 'TransientError', 'retry'],
    [StalledError, 'StalledError', 'stalled'],
    [ConfigError, 'ConfigError', 'config'],
    [CancelledError, 'CancelledError', 'cancelled'],
    [BugError, 'BugError', 'bug'],
  ] as const)('%o says what to do by its disposition', (Class, name, disposition) => {
    const error = new Class('engine/failed', 'it failed');

    expect(error).toBeInstanceOf(ProdeskError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, disposition, code: 'engine/failed', message: 'it failed' });
  });

  it('a credential in the message is removed when the error is made', () => {
    const error = new TransientError('git/unreachable', 'cannot read https://me:hunter22@example.com/x.git');

    expect(error.message).toBe('cannot read https://<redacted>@example.com/x.git');
    expect(error.stack).not.toContain('hunter22');
  });

  it('the cause and the wait that the other side asked for are kept', () => {
    const cause = new Error('429');
    const error = new TransientError('registry/rate-limited', 'slow down', { cause, retryAfterMs: 5_000 });

    expect(error.cause).toBe(cause);
    expect(error.retryAfterMs).toBe(5_000);
  });

  it('without a cause or a wait, neither is there', () => {
    const error = new TransientError('registry/unavailable', 'down');

    expect('cause' in error).toBe(false);
    expect(error.retryAfterMs).toBeUndefined();
  });

  describe('messageOf', () => {
    it.each([
      ['an error', new Error('broken'), 'broken'],
      ['a text', 'broken', 'broken'],
      ['undefined', undefined, 'undefined'],
      ['an error with a credential', new Error('at ssh://git:pass1234@host/x'), 'at ssh://<redacted>@host/x'],
      ['a text with a credential', 'Bearer abcdef123456', 'Bearer <redacted>'],
    ])('%s gives its text without credentials', (_what, thrown, text) => {
      expect(messageOf(thrown)).toBe(text);
    });
  });

  it('assertNever names the case that was not handled', () => {
    expect(() => assertNever({ type: 'new' } as never)).toThrow(
      expect.objectContaining({ code: 'bug/unreachable', message: 'unhandled case: {"type":"new"}' }),
    );
  });
});
