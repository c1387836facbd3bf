import type { Manifest } from './manifest.js';

/** The label on every object that names the application it belongs to. */
export const APP_LABEL = 'prodesk.dev/app';
/** The field manager of everything that this project applies. */
export const FIELD_MANAGER = 'prodesk';
/** `prodesk.dev/prune: "false"` on an object: it stays in the cluster when it leaves Git. */
export const PRUNE_ANNOTATION = 'prodesk.dev/prune';

const ARGO_SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
/** Kinds that hold data or other objects: they are kept unless an object says `prodesk.dev/prune: "true"`. */
const KEPT_KINDS = new Set(['PersistentVolume', 'PersistentVolumeClaim', 'Namespace', 'CustomResourceDefinition']);

/** The object with the metadata that deployment adds: the application label, and what the Pulumi provider must know. */
export function track(manifest: Manifest, app: string): Manifest {
  const { metadata } = manifest;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [APP_LABEL]: app },
      annotations: {
        ...metadata.annotations,
        'pulumi.com/skipAwait': 'true',
        'pulumi.com/patchForce': 'true',
        'pulumi.com/patchFieldManager': FIELD_MANAGER,
      },
    },
  };
}

/** Whether an object stays in the cluster when it leaves the desired state: because it says so, or else for its kind. */
export function isKept(manifest: Manifest): boolean {
  const choice = manifest.metadata.annotations?.[PRUNE_ANNOTATION];
  return isKeptByWish(manifest) || (choice === undefined && KEPT_KINDS.has(manifest.kind));
}

/** Whether an object says that it stays. Argo CD's `Prune=false` counts too. */
export function isKeptByWish({ metadata: { annotations = {} } }: Manifest): boolean {
  const choice = annotations[PRUNE_ANNOTATION];
  if (choice !== undefined) {
    return choice === 'false';
  }
  const argoOptions = (annotations[ARGO_SYNC_OPTIONS] ?? '').split(',').map((option) => option.trim());
  return argoOptions.includes('Prune=false');
}
