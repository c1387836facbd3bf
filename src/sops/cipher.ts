import { createDecipheriv } from 'node:crypto';
import type { Leaf } from './tree.js';

const ENCRYPTED = /^ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:([a-z]+)\]/;
const TAG_BYTES = 16;

/** A decrypted value; a comment is none. */
export type Decrypted =
  { readonly kind: 'value'; readonly value: Leaf; readonly text: string } | { readonly kind: 'comment' };

/**
 * Decrypts one value.
 * @param context the text that the value is bound to, so that it cannot be moved: its path
 * @returns undefined when it is not what was encrypted with this key in this place
 */
export function decryptValue(encrypted: string, dataKey: Uint8Array, context: string): Decrypted | undefined {
  if (encrypted === '') {
    return { kind: 'value', value: '', text: '' };
  }
  const [, data, iv, tag, type = ''] = ENCRYPTED.exec(encrypted) ?? [];
  if (data === undefined || iv === undefined || tag === undefined) {
    return undefined;
  }
  const bytes = open({ data, iv, tag }, dataKey, context);
  return bytes === undefined ? undefined : typed(bytes.toString('utf8'), type);
}

function open(
  { data, iv, tag }: { readonly data: string; readonly iv: string; readonly tag: string },
  dataKey: Uint8Array,
  context: string,
): Buffer | undefined {
  try {
    const nonce = Buffer.from(iv, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
  } catch (error) {
    if (error instanceof Error) {
      return undefined;
    }
    throw error;
  }
}

function typed(text: string, type: string): Decrypted | undefined {
  switch (type) {
    case 'str':
    case 'bytes':
    case 'time':
      return { kind: 'value', value: text, text };
    case 'int':
      return { kind: 'value', value: BigInt(text), text };
    case 'float':
      return { kind: 'value', value: Number(text), text };
    case 'bool':
      return { kind: 'value', value: text.toLowerCase() === 'true', text };
    case 'comment':
      return { kind: 'comment' };
    default:
      return undefined;
  }
}
