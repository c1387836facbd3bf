import { homedir } from 'node:os';
import { join } from 'node:path';

/** Environment variables, as a plain record. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables this process was started with. */
export function currentEnvironment(): Environment {
  return process.env;
}

/** Where programs are kept between runs: `$XDG_CACHE_HOME/prodesk`, or `~/.cache/prodesk`. */
export function cacheDirectory(environment: Environment): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'prodesk');
}

/** Where a sandbox lives unless told otherwise: `$XDG_STATE_HOME/prodesk/sandbox`, or `~/.local/state/prodesk/sandbox`. */
export function defaultSandboxDirectory(environment: Environment): string {
  return join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'prodesk', 'sandbox');
}
