import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, explicit, integer, objectId, octets, sequence, set, tagged, time, utf8, BOOLEAN_TRUE } from './der.js';

/** A key and the certificate for it, both as PEM. */
export interface Credential {
  readonly key: string;
  readonly certificate: string;
}

/** An authority of the sandbox, which lives as long as the sandbox. */
export interface Authority {
  /** Its certificate as PEM; the key never leaves this process. */
  readonly certificate: string;
  /** Issues a certificate for servers and clients. */
  issue(name: string, hosts: readonly string[]): Credential;
}

const ECDSA_WITH_SHA256 = objectId('1.2.840.10045.4.3.2');
const COMMON_NAME = objectId('2.5.4.3');
const BASIC_CONSTRAINTS = objectId('2.5.29.19');
const KEY_USAGE = objectId('2.5.29.15');
const EXTENDED_KEY_USAGE = objectId('2.5.29.37');
const SUBJECT_ALTERNATIVE_NAME = objectId('2.5.29.17');
const SUBJECT_KEY_ID = objectId('2.5.29.14');
const AUTHORITY_KEY_ID = objectId('2.5.29.35');
const SERVER_AND_CLIENT = sequence(objectId('1.3.6.1.5.5.7.3.1'), objectId('1.3.6.1.5.5.7.3.2'));
const DAY_MS = 86_400_000;

/** What goes into one certificate. */
interface Contents {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly now: number;
}

/**
 * Makes an authority with a new P-256 key, valid for ten years from a day before `now` (milliseconds since the epoch).
 * The form is RFC 5280's, as little of it as TLS needs.
 */
export function createAuthority(name: string, now: number): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = keyIdOf(publicKey);
  const certificate = encode({
    subject: name,
    issuer: name,
    publicKey,
    signingKey: privateKey,
    extensions: [
      extension(BASIC_CONSTRAINTS, sequence(BOOLEAN_TRUE), true),
      extension(KEY_USAGE, bits(Buffer.from([0b0000_0110]), 1), true),
      extension(SUBJECT_KEY_ID, octets(keyId)),
    ],
    now,
  });
  return {
    certificate,
    issue(subject, hosts) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = [
        extension(BASIC_CONSTRAINTS, sequence(), true),
        extension(KEY_USAGE, bits(Buffer.from([0b1000_0000]), 7), true),
        extension(EXTENDED_KEY_USAGE, SERVER_AND_CLIENT),
        extension(AUTHORITY_KEY_ID, sequence(tagged(0, keyId))),
        ...(hosts.length === 0 ? [] : [extension(SUBJECT_ALTERNATIVE_NAME, sequence(...hosts.map(hostName)))]),
      ];
      const contents = { subject, issuer: name, publicKey: pair.publicKey, signingKey: privateKey, extensions, now };
      return {
        key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        certificate: encode(contents),
      };
    },
  };
}

function encode({ subject, issuer, publicKey, signingKey, extensions, now }: Contents): string {
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer),
    sequence(time(new Date(now - DAY_MS)), time(new Date(now + 3650 * DAY_MS))),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const der = sequence(body, algorithm, bits(sign('sha256', body, signingKey), 0));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(COMMON_NAME, utf8(commonName))));
}

function extension(id: Buffer, value: Buffer, critical = false): Buffer {
  return critical ? sequence(id, BOOLEAN_TRUE, octets(value)) : sequence(id, octets(value));
}

function hostName(host: string): Buffer {
  return isIPv4(host) ? tagged(7, Buffer.from(host.split('.').map(Number))) : tagged(2, Buffer.from(host, 'ascii'));
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}
