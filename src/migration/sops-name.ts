import { basename, extname } from 'node:path';

const NAMED_SOPS = /^[A-Za-z0-9][A-Za-z0-9._-]*\.sops\.(ya?ml|json)$/;

/** What a file is called beside an application: by its own name where that says that it is one of SOPS, else by its Secret's. */
export function encryptedFileName(file: string, secret: string): string | undefined {
  const own = basename(file);
  if (NAMED_SOPS.test(own) && !own.includes('..')) {
    return own;
  }
  const extension = extname(own).toLowerCase();
  const made = `${secret.replaceAll(/[^A-Za-z0-9.-]/g, '-')}.sops${extension}`;
  return NAMED_SOPS.test(made) ? made : undefined;
}
