import type { DesiredApp, ImageOverrides } from './desired-state.js';
import type { Manifest } from './manifest.js';

/** One application ready to be deployed: image tags are final, secrets are still markers, tracking metadata is not yet added. */
export interface DeployApp {
  readonly name: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly objects: readonly Manifest[];
  /** See {@link AppWithFiles}. @default - the objects refer to none */
  readonly encryptedFiles?: Readonly<Record<string, string>>;
}

/** An application with its final objects, ready to be deployed. */
export function deployAppOf(app: DesiredApp, objects: readonly Manifest[]): DeployApp {
  const { name, namespace, sync, encryptedFiles } = app;
  const files = encryptedFiles === undefined ? {} : { encryptedFiles };
  return { name, namespace, createNamespace: sync.createNamespace, objects, ...files };
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
