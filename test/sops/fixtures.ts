import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that the real `sops` 3.13.3 encrypted. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '..', 'fixtures', 'sops', name), 'utf8');
}

/** An environment with the identity of the fixtures, and none of the machine's. */
export const FIXTURE_ENV = { SOPS_AGE_KEY: fixture('identity.txt'), HOME: '/nonexistent' };
