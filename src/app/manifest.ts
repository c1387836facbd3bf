/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A complete Kubernetes object as it would be written in a manifest file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [field: string]: unknown;
}

/** The part of `ObjectMeta` that manifests write. */
export interface ManifestMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** What identifies one object in a cluster. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

declare const objectKeyBrand: unique symbol;
/** An {@link ObjectRef} as text, such as `apps/Deployment/prodesk/naver-news`. The version is left out: it may change. */
export type ObjectKey = string & { readonly [objectKeyBrand]: true };

/** The reference of an object. */
export function refOf(manifest: Manifest): ObjectRef {
  const { apiVersion, kind, metadata } = manifest;
  return metadata.namespace === undefined
    ? { apiVersion, kind, name: metadata.name }
    : { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

/** The API group of an `apiVersion`; the core group is the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The key of an object or a reference. Two versions of one kind have the same key. */
export function keyOf(object: Manifest | ObjectRef): ObjectKey {
  const ref = 'metadata' in object ? refOf(object) : object;
  return `${groupOf(ref.apiVersion) || 'core'}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}` as ObjectKey;
}

/** The short form that people read: `Deployment prodesk/naver-news`. */
export function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}
