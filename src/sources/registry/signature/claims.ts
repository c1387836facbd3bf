import { z } from 'zod';
import type { SignatureCheck } from './public-key.js';

/** What a signature turned out to be worth. `wrong-key`: no key fits; `wrong-image`: a key fits, but it was made for another image. */
export type Worth = 'good' | 'wrong-key' | 'wrong-image';

/** The part of cosign's payload ("simple signing") that counts. Its reference is not looked at: mirrors and retagging change it. */
const payloadSchema = z.object({
  critical: z.object({ image: z.object({ 'docker-manifest-digest': z.string() }) }),
});

/** Sigstore's bundle, of which we read signatures by key: a signed statement about digests. */
const bundleSchema = z.object({
  dsseEnvelope: z.object({
    payload: z.string(),
    payloadType: z.string(),
    signatures: z.array(z.object({ sig: z.string() })).max(20),
  }),
});
const statementSchema = z.object({
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })).max(100),
});

/** Statements that say "this image is signed", and nothing else such as where it was built. */
const SIGNED = 'https://sigstore.dev/cosign/sign/v1';

/** Judges a simple-signing payload with its signature (base64). */
export function judgePayload(payload: Buffer, signature: string, digest: string, fits: SignatureCheck): Worth {
  if (!fits(payload, Buffer.from(signature, 'base64'))) {
    return 'wrong-key';
  }
  const parsed = payloadSchema.safeParse(jsonOf(payload));
  return parsed.success && parsed.data.critical.image['docker-manifest-digest'] === digest ? 'good' : 'wrong-image';
}

/** Judges a bundle; undefined for one that says something else than "this image is signed", such as an attestation. */
export function judgeBundle(bundle: Buffer, digest: string, fits: SignatureCheck): Worth | undefined {
  const parsed = bundleSchema.safeParse(jsonOf(bundle));
  if (!parsed.success) {
    return undefined;
  }
  const { payload, payloadType, signatures } = parsed.data.dsseEnvelope;
  const body = Buffer.from(payload, 'base64');
  const statement = statementSchema.safeParse(jsonOf(body));
  if (!statement.success || statement.data.predicateType !== SIGNED) {
    return undefined;
  }
  const signed = preAuthentication(payloadType, body);
  if (!signatures.some(({ sig }) => fits(signed, Buffer.from(sig, 'base64')))) {
    return 'wrong-key';
  }
  const isFor = statement.data.subject.some((subject) => `sha256:${subject.digest['sha256']}` === digest);
  return isFor ? 'good' : 'wrong-image';
}

/** The bytes that a DSSE envelope's signature is over. */
export function preAuthentication(type: string, body: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
