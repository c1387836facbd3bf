import { describe, expect, it } from 'vitest';
import { BugError, CancelledError, ConfigError, StalledError, TransientError } from '../../src/base/errors.js';
import { fromWireError, toWireError } from '../../src/engine/protocol.js';

describe('engine/protocol', () => {
  it.each([
    new TransientError('engine/busy', 'm', { retryAfterMs: 5 }),
    new StalledError('engine/passphrase', 'm'),
    new ConfigError('config/invalid', 'm'),
    new CancelledError('cancelled/superseded', 'm'),
    new BugError('bug/unreachable', 'm'),
  ])('$name keeps its class, code, message and wait across the channel', (error) => {
    const back = fromWireError(structuredClone(toWireError(error)));
    expect(back).toBeInstanceOf(error.constructor);
    expect(back).toMatchObject({ code: error.code, message: 'm', disposition: error.disposition });
    expect(back.retryAfterMs).toBe(error.retryAfterMs);
  });

  it('a foreign error becomes a failure of the engine, without credentials', () => {
    expect(toWireError(new Error('https://user:pass@host/ says no'))).toEqual({
      disposition: 'stalled',
      code: 'engine/failed',
      message: 'https://<redacted>@host/ says no',
    });
  });
});
