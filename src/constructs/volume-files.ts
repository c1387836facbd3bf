import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkInteger } from './validation.js';

/** Which keys of a ConfigMap or a Secret become files, and how. */
export interface FileOptions {
  /** Paths of files by key, or paths with permissions of their own. @default - every key, as a file of its name */
  readonly items?: Readonly<Record<string, string | { readonly path: string; readonly mode: number }>>;
  /** The files' permissions, such as `0o400`. @default - the API's: 0o644 */
  readonly mode?: number;
  /** Whether pods start without it. @default - the API's: false */
  readonly optional?: boolean;
}

/** What a {@link Volume.projected} volume puts together. */
export type ProjectedSource =
  | ({ readonly configMap: NameOrConstruct } & Omit<FileOptions, 'mode'>)
  | ({ readonly secret: NameOrConstruct } & Omit<FileOptions, 'mode'>)
  /** Fields of the pod as files, such as `{ labels: 'metadata.labels' }`. */
  | { readonly fields: Readonly<Record<string, string>> }
  /** A token of the pod's ServiceAccount for an audience. */
  | { readonly tokenPath: string; readonly audience?: string; readonly expirationSeconds?: number };

/** The fields that a ConfigMap's and a Secret's volume have in common. */
export function renderFiles({ items, mode, optional }: FileOptions): {
  items: k8s.KeyToPath[] | undefined;
  mode: number | undefined;
  optional: boolean | undefined;
} {
  return { items: itemsOf(items), mode: checkMode(mode), optional };
}

function itemsOf(items: FileOptions['items']): k8s.KeyToPath[] | undefined {
  if (items === undefined) {
    return undefined;
  }
  return Object.entries(items).map(([key, file]) =>
    typeof file === 'string' ? { key, path: file } : defined({ key, path: file.path, mode: checkMode(file.mode) }),
  );
}

/** A source as a projected volume lists it. */
export function renderSource(source: ProjectedSource): k8s.VolumeProjection {
  if ('configMap' in source) {
    const { configMap, items, optional } = source;
    return { configMap: defined({ name: nameOf(configMap), items: itemsOf(items), optional }) };
  }
  if ('secret' in source) {
    const { secret, items, optional } = source;
    return { secret: defined({ name: nameOf(secret), items: itemsOf(items), optional }) };
  }
  if ('fields' in source) {
    const items = Object.entries(source.fields).map(([path, fieldPath]) => ({ path, fieldRef: { fieldPath } }));
    return { downwardApi: { items } };
  }
  const { tokenPath, audience, expirationSeconds } = source;
  return { serviceAccountToken: defined({ path: tokenPath, audience, expirationSeconds }) };
}

/** The permissions of files. */
export function checkMode(mode: number | undefined): number | undefined {
  return mode === undefined ? undefined : checkInteger('file mode', mode, 0, 0o777);
}
