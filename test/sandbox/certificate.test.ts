import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/certificate.js';

const NOW = Date.UTC(2026, 2, 8, 10, 30, 15);

describe('sandbox/certificate', () => {
  const authority = createAuthority('test authority', NOW);
  const root = new X509Certificate(authority.certificate);
  const issued = authority.issue('etcd', ['127.0.0.1', 'localhost']);
  const leaf = new X509Certificate(issued.certificate);

  it('the authority is one, signed by itself', () => {
    expect(root.ca).toBe(true);
    expect(root.subject).toBe('CN=test authority');
    expect(root.checkIssued(root)).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
  });

  it('what it issues is for the names it was issued for, and no authority', () => {
    expect(leaf.subject).toBe('CN=etcd');
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.checkHost('localhost')).toBe('localhost');
    expect(leaf.checkHost('example.com')).toBeUndefined();
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('the key belongs to the certificate', () => {
    expect(leaf.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  });

  it('it is valid from a day before for ten years, across the change of the date form in 2050', () => {
    expect(new Date(leaf.validFrom).getTime()).toBe(NOW - 86_400_000);
    expect(new Date(leaf.validTo).getTime()).toBe(NOW + 3650 * 86_400_000);
    const late = new X509Certificate(createAuthority('late', Date.UTC(2045, 0, 1)).certificate);
    expect(new Date(late.validTo).getTime()).toBe(Date.UTC(2045, 0, 1) + 3650 * 86_400_000);
  });

  it('another authority did not issue it', () => {
    const other = new X509Certificate(createAuthority('test authority', NOW).certificate);

    expect(leaf.verify(other.publicKey)).toBe(false);
    expect(other.serialNumber).not.toBe(root.serialNumber);
  });
});
