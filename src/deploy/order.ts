import { groupOf, type Manifest } from '../app/manifest.js';

/** When an object of an application is created: what others live in first, what workloads read second, all else last. */
export type Stage = 0 | 1 | 2;

const STAGE_OF_KIND: Readonly<Record<string, Stage>> = {
  Namespace: 0,
  CustomResourceDefinition: 0,
  PriorityClass: 0,
  StorageClass: 0,
  ServiceAccount: 1,
  Role: 1,
  RoleBinding: 1,
  ClusterRole: 1,
  ClusterRoleBinding: 1,
  ConfigMap: 1,
  Secret: 1,
  PersistentVolume: 1,
  PersistentVolumeClaim: 1,
  LimitRange: 1,
  ResourceQuota: 1,
};

const WORKLOAD_GROUPS = new Set(['apps', 'batch']);

/** The stage of an object's kind. Kinds of CRDs that happen to have a name like ours are in the last stage. */
export function stageOf(manifest: Manifest): Stage {
  const group = groupOf(manifest.apiVersion);
  const isBuiltIn = group === '' || !group.includes('.') || group.endsWith('.k8s.io');
  return isBuiltIn ? (STAGE_OF_KIND[manifest.kind] ?? 2) : 2;
}

/**
 * The stages that an object waits for. Only workloads wait for the second one, because a container whose ConfigMap is missing
 * fails before it is tried again; the others go in parallel.
 */
export function stagesBefore(manifest: Manifest): readonly Stage[] {
  const stage = stageOf(manifest);
  if (stage === 0) {
    return [];
  }
  return stage === 2 && isWorkload(manifest) ? [0, 1] : [0];
}

/** Objects in the order in which they have to be registered, so that each can name those it waits for. */
export function inStageOrder(objects: readonly Manifest[]): Manifest[] {
  return objects
    .map((object, index) => ({ object, index, stage: stageOf(object) }))
    .sort((a, b) => a.stage - b.stage || a.index - b.index)
    .map(({ object }) => object);
}

function isWorkload({ apiVersion, kind }: Manifest): boolean {
  return WORKLOAD_GROUPS.has(groupOf(apiVersion)) || (apiVersion === 'v1' && kind === 'Pod');
}
