import { describe, expect, it } from 'vitest';
import { parseExecCredential } from '../../src/cluster/exec-credential.js';

describe('cluster/exec-credential', () => {
  it('a token with its end is read', () => {
    const output = JSON.stringify({
      kind: 'ExecCredential',
      status: { token: 't', expirationTimestamp: '2026-05-27T00:00:00Z' },
    });
    expect(parseExecCredential(output, 'plugin')).toEqual({ token: 't', expiresAt: Date.UTC(2026, 4, 27) });
  });

  it('a certificate is read', () => {
    const output = JSON.stringify({ status: { clientCertificateData: 'c', clientKeyData: 'k' } });
    expect(parseExecCredential(output, 'plugin')).toEqual({ certificate: 'c', key: 'k' });
  });

  it.each(['', 'token', '{}', '{"status":"ok"}'])('%j is refused with the name of the plugin', (output) => {
    expect(() => parseExecCredential(output, 'plugin')).toThrow(/credential plugin plugin printed no ExecCredential/);
  });
});
