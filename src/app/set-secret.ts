import { RESTART_KEY } from './secret-marker.js';

/** The command that sets a secret stack-config value, given without the prefix. It asks for the value, except for the one that is to be random. */
export function howToSet(key: string): string {
  const command = `pulumi config set --secret prodesk:${key}`;
  return key === RESTART_KEY ? `openssl rand -hex 32 | ${command}` : command;
}
