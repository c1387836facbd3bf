import type { DesiredApp, ImageOverrides } from './desired-state.js';
import { ignoredFields } from './ignore-differences.js';
import type { Manifest, ObjectKey } from './manifest.js';

/** One application ready to be deployed: image tags are final, secrets are still markers, tracking metadata is not yet added. */
export interface DeployApp {
  readonly name: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly objects: readonly Manifest[];
  /** See {@link AppWithFiles}. @default - the objects refer to none */
  readonly encryptedFiles?: Readonly<Record<string, string>>;
  /** JSON pointers of fields that stay as they are in the cluster, by object. @default - none */
  readonly ignored?: IgnoredPointers;
  /** What a targeted run does of it. @default - all */
  readonly extent?: DeployExtent;
}

/** The part of an application that a targeted run touches. Everything is registered all the same: what is not, counts as gone. */
export interface DeployExtent {
  /** Objects that are left as they are, or are not made. */
  readonly untouched: readonly ObjectKey[];
  /** Objects that left the application are not deleted yet. */
  readonly keepsRest: boolean;
  /** Objects that are deleted and made anew although they did not change. */
  readonly anew: readonly ObjectKey[];
}

/** JSON pointers of fields, by the key of their object. */
export type IgnoredPointers = Readonly<Record<string, readonly string[]>>;

/**
 * An application with its final objects, ready to be deployed.
 * @param seen fields that others were seen to write, and may
 */
export function deployAppOf(
  { name, namespace, sync, ignoreDifferences, encryptedFiles }: DesiredApp,
  objects: readonly Manifest[],
  seen: IgnoredPointers = {},
): DeployApp {
  const ignored: Record<string, readonly string[]> = { ...seen };
  for (const [key, { pointers }] of ignoredFields(objects, ignoreDifferences)) {
    if (pointers.length > 0) {
      ignored[key] = [...new Set([...pointers, ...(seen[key] ?? [])])];
    }
  }
  return {
    name,
    namespace,
    createNamespace: sync.createNamespace,
    objects,
    ...(encryptedFiles !== undefined && { encryptedFiles }),
    ...(Object.keys(ignored).length > 0 && { ignored }),
  };
}

/** What a stack's program registers and exports. */
export interface StackDeployment {
  /** The applications that this run registers; in a targeted update only some of the stack's. */
  readonly apps: readonly DeployApp[];
  /** The image tags of every application of the stack, for the `images` output. */
  readonly images: ImageOverrides;
  /** The fingerprint of every application of the stack, for the `fingerprints` output. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** The outputs of the stack's last update. */
export interface StackOutputs {
  readonly images: ImageOverrides;
  readonly fingerprints: Readonly<Record<string, string>>;
}
