import type { DesiredApp, DesiredState, StackSettings } from '../../app/desired-state.js';
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

/** Whether the file that an application refers to has the value. Names are not encrypted, so that this needs no identity. */
export type IsInFile = (app: DesiredApp, reference: SopsReference) => boolean;

/** The secrets that applications use, and those that are set and used by none. */
export function listSecrets(
  { apps }: Pick<DesiredState, 'apps'>,
  { secretKeys }: StackSettings,
  isInFile: IsInFile,
): SecretRow[] {
  const users = new Map<string, DesiredApp[]>();
  for (const app of Object.values(apps)) {
    for (const key of secretKeysIn(app.objects)) {
      users.set(key, [...(users.get(key) ?? []), app]);
    }
  }
  const isSet = (key: string, by: readonly DesiredApp[], reference: SopsReference | undefined): boolean =>
    reference === undefined ? secretKeys.includes(key) : by.every((app) => isInFile(app, reference));
  const used = [...users].map(([key, by]) => rowOf(key, by, (reference) => isSet(key, by, reference)));
  const unused = secretKeys
    .filter((key) => !users.has(key) && key !== RESTART_KEY)
    .map((name): SecretRow => ({ name, source: STACK, apps: [], state: 'unused' }));
  return [...used, ...unused].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function rowOf(
  key: string,
  users: readonly DesiredApp[],
  isSet: (reference: SopsReference | undefined) => boolean,
): SecretRow {
  const reference = findSopsReference(key);
  const apps = users.map(({ name }) => name).sort();
  const state = isSet(reference) ? 'set' : 'missing';
  return reference === undefined
    ? { name: key, source: STACK, apps, state }
    : { name: nameIn(reference), source: sopsPathOf(reference), apps, state };
}

function nameIn({ path }: SopsReference): string {
  return path === undefined ? '(whole file)' : path.join('.');
}

/** Those of the stack first, then file by file. */
function sortKey({ source, name }: SecretRow): string {
  return `${source === STACK ? '' : source}\0${name}`;
}
