import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../../src/base/errors.js';
import { signatureCheck } from '../../../../src/sources/registry/signature/public-key.js';
import type { KeyKind } from '../../../support/signatures.js';
import { signingKey } from '../../../support/signatures.js';

const BYTES = Buffer.from('content');
const KINDS: readonly KeyKind[] = ['P-256', 'P-384', 'RSA', 'Ed25519'];
const pemOf = (key: { publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer } }): string =>
  key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('sources/registry/signature/public-key', () => {
  it.each(KINDS)('a signature by %s fits its key and its bytes alone', (kind) => {
    const key = signingKey(kind);
    const fits = signatureCheck(key.publicPem);
    const signature = Buffer.from(key.sign(BYTES), 'base64');
    expect(fits(BYTES, signature)).toBe(true);
    expect(fits(Buffer.from('contents'), signature)).toBe(false);
    expect(signatureCheck(signingKey(kind).publicPem)(BYTES, signature)).toBe(false);
  });

  it.each(KINDS)('nonsense fits no key of the kind %s', (kind) => {
    const fits = signatureCheck(signingKey(kind).publicPem);
    expect([Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(64)].some((nonsense) => fits(BYTES, nonsense))).toBe(false);
  });

  it('either of two keys counts, so that one can take the place of the other', () => {
    const [old, next] = [signingKey(), signingKey('Ed25519')];
    const fits = signatureCheck(`# two keys\n${old.publicPem}\n${next.publicPem}`);
    expect([old, next].map((key) => fits(BYTES, Buffer.from(key.sign(BYTES), 'base64')))).toEqual([true, true]);
  });

  it.each([
    ['text', 'sentinel', /holds no/],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nsentinel\n-----END PRIVATE KEY-----', /holds no/],
    ['a damaged key', '-----BEGIN PUBLIC KEY-----\nsentinel\n-----END PUBLIC KEY-----', /cannot be read/],
    ['a short RSA key', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 })), /2048/],
    ['a key of another kind', pemOf(generateKeyPairSync('x25519')), /ECDSA/],
    ['a key of another curve', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), /P-256/],
  ])('%s is refused with its reason, and not shown', (_what, pem, message) => {
    let failure: unknown;
    try {
      signatureCheck(pem);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code: 'config/invalid' });
    expect(messageOf(failure)).toMatch(message);
    expect(messageOf(failure)).not.toContain('sentinel');
  });
});
