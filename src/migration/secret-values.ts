import type { Manifest } from '../app/manifest.js';
import { resolveSecrets } from '../app/resolve-secrets.js';
import { ConfigError } from '../base/errors.js';

/** One secret value of an application. */
export interface SecretValue {
  /** The stack-config key without `prodesk:`, such as `web.DB_PASSWORD`. */
  readonly key: string;
  readonly value: string;
  /** The value is not known: it was encrypted in the file. */
  readonly encrypted: boolean;
}

/** A Secret's values by key, as text where they are text. */
export interface SecretText {
  readonly key: string;
  readonly text: string;
  /** The text is the base64 of bytes that are not UTF-8, and belongs into `data`. */
  readonly isBase64: boolean;
}

/** A Secret as the API server stores it, `stringData` moved into `data`. Other objects are as they were. */
export function encodeSecret(manifest: Manifest): Manifest {
  return resolveSecrets(manifest, {});
}

/**
 * The values of a Secret.
 * @throws ConfigError `config/invalid` when one is not base64 or not text; the message does not show it
 */
export function secretTextsOf(manifest: Manifest, where: string): SecretText[] {
  const { data, stringData } = manifest as { data?: Record<string, unknown>; stringData?: Record<string, unknown> };
  const plain = Object.entries(stringData ?? {}).map(([key, value]) => textOf(key, value, where));
  const written = new Set(plain.map(({ key }) => key));
  const encoded = Object.entries(data ?? {}).filter(([key]) => !written.has(key));
  return [...encoded.map(([key, value]) => decode(key, value, where)), ...plain];
}

function textOf(key: string, value: unknown, where: string): SecretText {
  if (typeof value !== 'string') {
    throw new ConfigError('config/invalid', `${where}: stringData.${key} is not text; quote it`);
  }
  return { key, text: value, isBase64: false };
}

function decode(key: string, value: unknown, where: string): SecretText {
  const base64 = typeof value === 'string' ? value.replaceAll(/\s/g, '') : undefined;
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (base64 === undefined || bytes.toString('base64') !== base64) {
    throw new ConfigError('config/invalid', `${where}: data.${key} is not base64`);
  }
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { key, text, isBase64: false }
    : { key, text: base64, isBase64: true };
}
