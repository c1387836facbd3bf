import { StalledError } from '../base/errors.js';

/** An encrypted file cannot be used. Messages name the file and never what is in it. */
export function damaged(file: string, what: string): StalledError {
  return new StalledError('sops/damaged', `${file} ${what}`);
}
