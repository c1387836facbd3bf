import type { DesiredState, StackSettings } from '../../app/desired-state.js';
import { RESTART_KEY, secretKeysIn } from '../../app/secret-marker.js';
import { findSopsReference, sopsPathOf, type SopsReference } from '../../app/sops-reference.js';

/** One secret, without its value. */
export interface SecretRow {
  /** The key in the stack configuration without `prodesk:`; in a file, the path of the value. */
  readonly name: string;
  /** `stack`, or the path of the SOPS file. */
  readonly source: string;
  /** The applications that use it, sorted. */
  readonly apps: readonly string[];
  readonly state: 'set' | 'missing' | 'unused';
}

const STACK = 'stack';

/** The secrets that applications use, and those that are set and used by none. Values in files count as set: synthesis found the files. */
export function listSecrets({ apps }: Pick<DesiredState, 'apps'>, { secretKeys }: StackSettings): SecretRow[] {
  const users = new Map<string, string[]>();
  for (const app of Object.values(apps)) {
    for (const key of secretKeysIn(app.objects)) {
      users.set(key, [...(users.get(key) ?? []), app.name]);
    }
  }
  const used = [...users].map(([key, names]) => rowOf(key, names.sort(), secretKeys));
  const unused = secretKeys
    .filter((key) => !users.has(key) && key !== RESTART_KEY)
    .map((name): SecretRow => ({ name, source: STACK, apps: [], state: 'unused' }));
  return [...used, ...unused].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function rowOf(key: string, apps: readonly string[], secretKeys: readonly string[]): SecretRow {
  const reference = findSopsReference(key);
  return reference === undefined
    ? { name: key, source: STACK, apps, state: secretKeys.includes(key) ? 'set' : 'missing' }
    : { name: nameIn(reference), source: sopsPathOf(reference), apps, state: 'set' };
}

function nameIn({ path }: SopsReference): string {
  return path === undefined ? '(whole file)' : path.join('.');
}

/** Those of the stack first, then file by file. */
function sortKey({ source, name }: SecretRow): string {
  return `${source === STACK ? '' : source}\0${name}`;
}
