import { RESTART_KEY } from './secret-marker.js';
import { findSopsReference, sopsPathOf } from './sops-reference.js';

/** The command that sets a secret stack-config value, given without the prefix. It asks for the value, except for the one that is to be random. */
export function howToSet(key: string): string {
  const command = `pulumi config set --secret prodesk:${key}`;
  return key === RESTART_KEY ? `openssl rand -hex 32 | ${command}` : command;
}

/** What to say when there is no value for a key. */
export function missingSecret(key: string): string {
  const reference = findSopsReference(key);
  return reference === undefined
    ? `secret prodesk:${key} is not set; set it with: ${howToSet(key)}`
    : `${sopsPathOf(reference)} was not decrypted; it must be part of the revision`;
}
