import { groupOf, type Manifest } from '../app/manifest.js';

/** The objects of an application by when they are registered. */
export interface ObjectGroups {
  /** What other objects live in or are of: namespaces, CRDs. Before all. */
  readonly foundation: readonly Manifest[];
  /** What containers read or run as. Before workloads, because a container whose ConfigMap is missing fails before it is tried again. */
  readonly configuration: readonly Manifest[];
  readonly workloads: readonly Manifest[];
  /** All else: beside the configuration. */
  readonly others: readonly Manifest[];
}

const FOUNDATION = new Set(['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'StorageClass']);
const CONFIGURATION = new Set([
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'LimitRange',
  'ResourceQuota',
]);
const WORKLOAD_GROUPS = new Set(['apps', 'batch']);

/** Groups an application's objects; within a group they keep their order. */
export function groupObjects(objects: readonly Manifest[]): ObjectGroups {
  const of = (group: keyof ObjectGroups) => objects.filter((object) => groupNameOf(object) === group);
  return {
    foundation: of('foundation'),
    configuration: of('configuration'),
    workloads: of('workloads'),
    others: of('others'),
  };
}

function groupNameOf({ apiVersion, kind }: Manifest): keyof ObjectGroups {
  const group = groupOf(apiVersion);
  if (WORKLOAD_GROUPS.has(group) || (group === '' && kind === 'Pod')) {
    return 'workloads';
  }
  /** Kinds of CRDs that happen to have such a name are something else. */
  const isBuiltIn = group === '' || group.endsWith('.k8s.io');
  if (isBuiltIn && FOUNDATION.has(kind)) {
    return 'foundation';
  }
  return isBuiltIn && CONFIGURATION.has(kind) ? 'configuration' : 'others';
}
