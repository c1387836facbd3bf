import { secretKeysIn } from './secret-marker.js';

/** A value in a file that SOPS encrypted, or the whole file. */
export interface SopsReference {
  /** The application in whose folder the file is. */
  readonly app: string;
  /** The path below the application's folder, such as `db.sops.yaml`. */
  readonly file: string;
  /** Keys from the top of the file down to one value. @default - the whole file */
  readonly path?: readonly string[];
}

const PREFIX = 'sops:';
/** A relative path without `..`, in which a part of the file's name is `sops`. */
const FILE = /^(?!.*\.\.)(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;
const NAMED_SOPS = /\.sops(\.[A-Za-z0-9]+)?$/;

/**
 * The key that a reference has among secret values. No stack-config key looks like it.
 * @throws RangeError when the file's name or the path cannot be one
 */
export function sopsKey({ app, file, path }: SopsReference): string {
  if (!FILE.test(file) || !NAMED_SOPS.test(file)) {
    throw new RangeError(`not the name of a SOPS file below apps/${app}/, such as "db.sops.yaml": "${file}"`);
  }
  if (path !== undefined && (path.length === 0 || path.includes(''))) {
    throw new RangeError(`name the value of ${file} that is wanted, such as sops('${file}')('DB_PASSWORD')`);
  }
  return `${PREFIX}${app}/${file}${path === undefined ? '' : `#${path.map(encodeURIComponent).join('/')}`}`;
}

/** The reference behind a key; undefined for a stack-config key. */
export function findSopsReference(key: string): SopsReference | undefined {
  if (!key.startsWith(PREFIX)) {
    return undefined;
  }
  const [location = '', path] = key.slice(PREFIX.length).split('#');
  const slash = location.indexOf('/');
  const where = { app: location.slice(0, slash), file: location.slice(slash + 1) };
  return path === undefined ? where : { ...where, path: path.split('/').map(decodeURIComponent) };
}

/** Where a reference's file is in a checkout. */
export function sopsPathOf({ app, file }: Pick<SopsReference, 'app' | 'file'>): string {
  return `apps/${app}/${file}`;
}

/** The stack-config keys whose secret values are needed to deploy a value; what is in encrypted files comes from elsewhere. */
export function stackKeysIn(value: unknown): string[] {
  return secretKeysIn(value).filter((key) => findSopsReference(key) === undefined);
}
