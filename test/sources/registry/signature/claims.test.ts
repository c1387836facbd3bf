import { describe, expect, it } from 'vitest';
import { judgeBundle, judgePayload, preAuthentication } from '../../../../src/sources/registry/signature/claims.js';
import { signatureCheck } from '../../../../src/sources/registry/signature/public-key.js';
import { signedBundle, signingKey, simplePayload } from '../../../support/signatures.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const KEY = signingKey();
const STRANGER = signingKey();
const fits = signatureCheck(KEY.publicPem);

describe('sources/registry/signature/claims', () => {
  it.each([
    ['the image, by the key', simplePayload(DIGEST), KEY, 'good'],
    ['the image under another name, by the key', simplePayload(DIGEST, 'mirror.example/app'), KEY, 'good'],
    ['another image, by the key', simplePayload(OTHER), KEY, 'wrong-image'],
    ['the image, by another key', simplePayload(DIGEST), STRANGER, 'wrong-key'],
    ['nothing that can be read, by the key', Buffer.from('{}'), KEY, 'wrong-image'],
  ] as const)('a payload for %s', (_what, payload, key, worth) => {
    expect(judgePayload(payload, key.sign(payload), DIGEST, fits)).toBe(worth);
  });

  it('a payload that was changed after it was signed fits no key', () => {
    expect(judgePayload(simplePayload(DIGEST), KEY.sign(simplePayload(OTHER)), DIGEST, fits)).toBe('wrong-key');
  });

  it.each([
    ['the image, by the key', signedBundle(KEY, DIGEST), 'good'],
    ['another image, by the key', signedBundle(KEY, OTHER), 'wrong-image'],
    ['the image, by another key', signedBundle(STRANGER, DIGEST), 'wrong-key'],
    ['something else than a signature', signedBundle(KEY, DIGEST, 'https://slsa.dev/provenance/v1'), undefined],
    ['nothing that can be read', Buffer.from('x'), undefined],
  ])('a bundle for %s', (_what, bundle, worth) => {
    expect(judgeBundle(bundle, DIGEST, fits)).toBe(worth);
  });

  it('what an envelope’s signature is over is as DSSE says', () => {
    expect(preAuthentication('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });
});
