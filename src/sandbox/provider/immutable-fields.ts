import type { Refusal } from './api-error.js';
import { valueAt, type JsonObject } from './json.js';
import type { Kind } from './kind.js';
import { fieldOf, type PropertyPath } from './property-path.js';

/** Which kinds may change their data in place. */
export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const SELECTOR = ['spec.selector'];
const ROLE = ['roleRef'];

/** Fields that the API server never lets change, whatever else is in the object. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'apps/DaemonSet': SELECTOR,
  'apps/Deployment': SELECTOR,
  'apps/ReplicaSet': SELECTOR,
  'apps/StatefulSet': ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy', 'spec.volumeClaimTemplates'],
  'batch/Job': ['spec.selector', 'spec.template', 'spec.completionMode'],
  'rbac.authorization.k8s.io/ClusterRoleBinding': ROLE,
  'rbac.authorization.k8s.io/RoleBinding': ROLE,
  'storage.k8s.io/StorageClass': ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
  '/Secret': ['type'],
};

/** Fields that mostly cannot change; the API server is asked first, because there are exceptions such as the growing of a volume. */
const MOSTLY_FIXED: Readonly<Record<string, readonly string[]>> = {
  '/PersistentVolume': ['spec.local', 'spec.hostPath', 'spec.nfs', 'spec.csi', 'spec.iscsi', 'spec.nodeAffinity'],
  '/PersistentVolumeClaim': [
    'spec.accessModes',
    'spec.selector',
    'spec.storageClassName',
    'spec.volumeMode',
    'spec.volumeName',
  ],
  '/Service': ['spec.clusterIP'],
};

/**
 * Whether a change at a path needs a new object, as far as that is known without asking the API server.
 * @param live the object as it was last seen
 */
export function needsNewObject(path: PropertyPath, kind: Kind, live: JsonObject, mutable: Mutability): boolean {
  const field = fieldOf(path);
  if (field === 'metadata.name' || field === 'metadata.namespace' || field === 'kind') {
    return true;
  }
  return isListed(FIXED, kind, field) || isFrozenData(path, kind, live, mutable);
}

/** Like {@link needsNewObject}, for when the API server cannot be asked. */
export function probablyNeedsNewObject(path: PropertyPath, kind: Kind): boolean {
  return isListed(MOSTLY_FIXED, kind, fieldOf(path));
}

// The messages of k8s.io/kubernetes/pkg/apis/*/validation; each is in the tests.
const SAYS_IMMUTABLE =
  /immutable|may not change|may not be (changed|updated)|cannot (be )?(changed?|updated?)|can not be changed|updates? to .* forbidden|updates to statefulset spec/i;

/** The fields that an answer of the API server calls immutable, such as `spec.selector`; empty when it says something else. */
export function immutableFieldsOf(refusal: Refusal): string[] {
  if (refusal.status !== 422) {
    return [];
  }
  return refusal.causes.filter((cause) => SAYS_IMMUTABLE.test(cause.message)).map((cause) => cause.field);
}

/** Whether a changed path is what an answer calls immutable: the field itself, a part of it, or it is a part of the path. */
export function isNamedBy(path: PropertyPath, fields: readonly string[]): boolean {
  const changed = fieldOf(path).toLowerCase();
  return fields.some((named) => {
    const field = named
      .replace(/\[[^\]]*\]/g, '')
      .replace(/s$/i, '')
      .toLowerCase();
    return changed.startsWith(field) || field.startsWith(`${changed}.`);
  });
}

function isListed(table: Readonly<Record<string, readonly string[]>>, kind: Kind, field: string): boolean {
  return (table[`${kind.group}/${kind.kind}`] ?? []).some((fixed) => field === fixed || field.startsWith(`${fixed}.`));
}

function isFrozenData(path: PropertyPath, kind: Kind, live: JsonObject, mutable: Mutability): boolean {
  const isConfigMap = kind.kind === 'ConfigMap';
  if (kind.group !== '' || !(isConfigMap || kind.kind === 'Secret')) {
    return false;
  }
  const isData = ['data', 'binaryData', 'stringData'].includes(String(path[0]));
  const isFrozen = valueAt(live, ['immutable']) === true;
  return (
    (isFrozen && (isData || path[0] === 'immutable')) ||
    (isData && !(isConfigMap ? mutable.configMaps : mutable.secrets))
  );
}
