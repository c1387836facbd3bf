import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { stringify } from 'yaml';

/** A new age identity and its recipient. */
export interface TestIdentity {
  readonly identity: string;
  readonly recipient: string;
}

/** Makes an identity for one test. */
export async function newIdentity(): Promise<TestIdentity> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

type Value = string | { readonly [key: string]: Value };

/** How a file is encrypted. */
export interface EncryptOptions {
  readonly recipient: string;
  /** Keys below which values are encrypted; written to the file as SOPS does. @default - all */
  readonly encryptedRegex?: string;
}

/** The text of a `*.sops.yaml` as SOPS writes it, with texts as the only values. */
export async function encryptYaml(values: Readonly<Record<string, Value>>, options: EncryptOptions): Promise<string> {
  return stringify(await encryptTree(values, options), { lineWidth: 0 });
}

/** The text of a `*.sops.<anything>`: a file of no format that SOPS knows. */
export async function encryptBinary(text: string, options: EncryptOptions): Promise<string> {
  return JSON.stringify(await encryptTree({ data: text }, options), null, 2);
}

async function encryptTree(
  values: Readonly<Record<string, Value>>,
  { recipient, encryptedRegex }: EncryptOptions,
): Promise<object> {
  const dataKey = randomBytes(32);
  const hash = createHash('sha512');
  const pattern = new RegExp(encryptedRegex ?? '');
  const encrypt = (value: Value, path: readonly string[]): unknown => {
    if (typeof value !== 'string') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encrypt(inner, [...path, key])]));
    }
    hash.update(value);
    return path.some((key) => pattern.test(key)) ? encryptValue(value, dataKey, `${path.join(':')}:`) : value;
  };
  const encrypted = encrypt(values, []) as object;
  const lastmodified = '2026-11-24T12:00:00Z';
  return {
    ...encrypted,
    sops: {
      age: [{ recipient, enc: await encryptKey(dataKey, recipient) }],
      lastmodified,
      mac: encryptValue(hash.digest('hex').toUpperCase(), dataKey, lastmodified),
      ...(encryptedRegex === undefined ? {} : { encrypted_regex: encryptedRegex }),
      version: '3.13.3',
    },
  };
}

function encryptValue(text: string, dataKey: Buffer, context: string): string {
  if (text === '') {
    return '';
  }
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', dataKey, iv).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const [a, b, c] = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return `ENC[AES256_GCM,data:${a},iv:${b},tag:${c},type:str]`;
}

async function encryptKey(dataKey: Buffer, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(dataKey));
}
