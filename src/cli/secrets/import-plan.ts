import { isUtf8 } from 'node:buffer';
import { ConfigError } from '../../base/errors.js';
import { nearestName, secretKeyOf } from './names.js';

/** A value on its way into the stack configuration. */
export interface SecretEntry {
  /** What it is called where it comes from. */
  readonly name: string;
  readonly value: string;
}

/** What an import does with each value. Values are only in `entries`. */
export interface ImportPlan {
  readonly entries: readonly { readonly key: string; readonly value: string; readonly name: string }[];
  /** Names that stay as they are, each with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Options of {@link planImport}. */
export interface ImportOptions {
  readonly app: string;
  /** The keys that are set, without `prodesk:`. */
  readonly existing: readonly string[];
  readonly replace: boolean;
}

/** Chooses a key for each value; what is set already is left, unless it is to be replaced. */
export function planImport(values: readonly SecretEntry[], { app, existing, replace }: ImportOptions): ImportPlan {
  const planned = values.map(({ name, value }) => {
    const key = secretKeyOf(nearestName(name), app);
    return { name, key, value, reason: reasonToSkip(value, !replace && existing.includes(key)) };
  });
  const keys = planned.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new ConfigError('config/invalid', `two values would both be prodesk:${twice}; rename one of them first`);
  }
  return {
    entries: planned.filter(({ reason }) => reason === undefined).map(({ name, key, value }) => ({ name, key, value })),
    skipped: planned.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }])),
  };
}

function reasonToSkip(value: string, isSet: boolean): string | undefined {
  if (value === '') {
    return 'it is empty';
  }
  return isSet ? 'it is set already; --replace overwrites it' : undefined;
}

/**
 * The values of a Kubernetes Secret: `data` decoded, and `stringData` before it.
 * @throws ConfigError `config/invalid` naming a value that is no text
 */
export function entriesOfSecret(secret: { readonly data?: unknown; readonly stringData?: unknown }): SecretEntry[] {
  const data = textMap(secret.data).map(([name, encoded]) => {
    const bytes = Buffer.from(encoded, 'base64');
    if (!isUtf8(bytes)) {
      throw new ConfigError('config/invalid', `${name} is not a text, and cannot be kept in the stack configuration`);
    }
    return [name, bytes.toString('utf8')] as const;
  });
  return [...new Map([...data, ...textMap(secret.stringData)])].map(([name, value]) => ({ name, value }));
}

function textMap(value: unknown): (readonly [string, string])[] {
  return Object.entries((value ?? {}) as Record<string, unknown>).map(([name, text]) => [name, String(text)] as const);
}

/** The values of any other file; those further down are named by their path, such as `db.password`. */
export function entriesOfTree(tree: unknown, path: readonly string[] = []): SecretEntry[] {
  if (Array.isArray(tree)) {
    return tree.flatMap((item, index) => entriesOfTree(item, [...path, String(index)]));
  }
  if (tree !== null && typeof tree === 'object') {
    return Object.entries(tree).flatMap(([key, value]) => entriesOfTree(value, [...path, key]));
  }
  return tree === null || tree === undefined ? [] : [{ name: path.join('.'), value: textOf(tree) }];
}

function textOf(leaf: unknown): string {
  return typeof leaf === 'string' ? leaf : String(leaf);
}

/** Whether a file holds a Kubernetes Secret, as KSOPS has it. */
export function isSecretManifest(tree: unknown): tree is { readonly data?: unknown; readonly stringData?: unknown } {
  return tree !== null && typeof tree === 'object' && 'kind' in tree && tree.kind === 'Secret';
}
