import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a sender shows to prove that it knows the secret. */
export type Proof =
  /** An HMAC-SHA-256 of the raw body. */
  | { readonly kind: 'signature'; readonly digest: Buffer }
  /** The secret itself. */
  | { readonly kind: 'token'; readonly token: string };

/** A header that carries a proof. */
type Carrier = readonly [header: string, read: (value: string) => Proof | undefined];

/** Who sends which. The first header that is there counts, so that a wrong proof is not saved by another one. */
const CARRIERS: readonly Carrier[] = [
  ['x-hub-signature-256', prefixedSignature], // GitHub
  ['x-forgejo-signature', signature],
  ['x-gitea-signature', signature],
  ['x-gogs-signature', signature],
  ['x-signature', prefixedSignature], // anything else that can sign, as Flux names it
  ['x-gitlab-token', token],
  ['authorization', bearer], // Harbor, distribution, anything else
];

/** The proof in a request's headers, or undefined when there is none that can be read. */
export function proofOf(header: (name: string) => string | undefined): Proof | undefined {
  for (const [name, read] of CARRIERS) {
    const value = header(name);
    if (value !== undefined) {
      return read(value);
    }
  }
  return undefined;
}

/** A proof in the address, for senders that can set no header (Docker Hub). */
export function proofInAddress(value: string | undefined): Proof | undefined {
  return value === undefined ? undefined : token(value);
}

/** Whether one of the secrets gives this proof over this body. Takes the same time for each wrong proof of a kind. */
export function isProven(proof: Proof, body: Uint8Array, secrets: readonly string[]): boolean {
  const matches = secrets.map((secret) =>
    proof.kind === 'signature' ? isSigned(proof.digest, body, secret) : isSame(proof.token, secret),
  );
  return matches.includes(true);
}

function isSigned(digest: Buffer, body: Uint8Array, secret: string): boolean {
  return timingSafeEqual(digest, createHmac('sha256', secret).update(body).digest());
}

/** Compares digests under a key that nobody knows: neither content nor length shows in the time that it takes. */
function isSame(one: string, other: string): boolean {
  const key = randomBytes(32);
  const [a, b] = [one, other].map((text) => createHmac('sha256', key).update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

function prefixedSignature(value: string): Proof | undefined {
  return value.startsWith('sha256=') ? signature(value.slice('sha256='.length)) : undefined;
}

function signature(value: string): Proof | undefined {
  return /^[0-9a-f]{64}$/i.test(value) ? { kind: 'signature', digest: Buffer.from(value, 'hex') } : undefined;
}

function bearer(value: string): Proof | undefined {
  return /^bearer /i.test(value) ? token(value.slice('bearer '.length).trim()) : undefined;
}

function token(value: string): Proof | undefined {
  return value === '' ? undefined : { kind: 'token', token: value };
}
