import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProven, proofOf } from '../../../src/server/webhooks/proof.js';

const SECRET = 'a secret of some length';
const BODY = Buffer.from('{"ref":"refs/heads/master"}');
const DIGEST = createHmac('sha256', SECRET).update(BODY).digest('hex');

const check = (headers: Readonly<Record<string, string>>, body: Uint8Array = BODY, secrets = [SECRET]): boolean => {
  const proof = proofOf((name) => headers[name]);
  return proof !== undefined && isProven(proof, body, secrets);
};

describe('server/webhooks/proof', () => {
  it.each([
    ['GitHub', { 'x-hub-signature-256': `sha256=${DIGEST}` }],
    ['Gitea', { 'x-gitea-signature': DIGEST }],
    ['Forgejo', { 'x-forgejo-signature': DIGEST }],
    ['Gogs', { 'x-gogs-signature': DIGEST }],
    ['a generic signer', { 'x-signature': `sha256=${DIGEST.toUpperCase()}` }],
    ['GitLab', { 'x-gitlab-token': SECRET }],
    ['Harbor and distribution', { authorization: `Bearer ${SECRET}` }],
  ])('%s is known by its header', (_sender, headers) => {
    expect(check(headers)).toBe(true);
    expect(check(headers, BODY, ['another secret, not this'])).toBe(false);
  });

  it.each([
    ['nothing', {}],
    ['a signature by SHA-1', { 'x-hub-signature': `sha1=${DIGEST.slice(0, 40)}` }],
    ['a signature without its kind', { 'x-hub-signature-256': DIGEST }],
    ['a short signature', { 'x-hub-signature-256': `sha256=${DIGEST.slice(2)}` }],
    ['a signature that is no number', { 'x-gitea-signature': 'z'.repeat(64) }],
    ['an empty token', { 'x-gitlab-token': '' }],
    ['basic authentication', { authorization: `Basic ${SECRET}` }],
    ['the start of the secret', { 'x-gitlab-token': SECRET.slice(0, -1) }],
    ['a longer secret', { 'x-gitlab-token': `${SECRET}x` }],
  ])('%s proves nothing', (_what, headers) => {
    expect(check(headers)).toBe(false);
  });

  it('a wrong signature is not saved by a right token', () => {
    expect(check({ 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, authorization: `Bearer ${SECRET}` })).toBe(false);
  });

  it('each of several secrets opens', () => {
    expect(check({ 'x-gitea-signature': DIGEST }, BODY, ['a newer secret than that', SECRET])).toBe(true);
  });

  it('no body and no header is taken that was not made with the secret', () => {
    const name = fc.constantFrom('x-hub-signature-256', 'x-gitea-signature', 'x-gitlab-token', 'authorization');
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary-ascii' }), fc.uint8Array(), (header, value, body) => {
        expect(check({ [header]: value }, body)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('a change of one byte of the body is found', () => {
    fc.assert(
      fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const body = Buffer.from(BODY);
        body[at] = (body[at] ?? 0) ^ change;
        expect(check({ 'x-hub-signature-256': `sha256=${DIGEST}` }, body)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});
