import { groupOf, type Manifest } from './manifest.js';

const BUILT_IN = new Set([
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'certificates.k8s.io/CertificateSigningRequest',
  'certificates.k8s.io/ClusterTrustBundle',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/IPAddress',
  'networking.k8s.io/ServiceCIDR',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'resource.k8s.io/DeviceClass',
  'resource.k8s.io/ResourceSlice',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
  'cert-manager.io/ClusterIssuer',
]);

/** Tells whether an object's kind has no namespace. */
export type IsClusterScoped = (object: Pick<Manifest, 'apiVersion' | 'kind'>) => boolean;

/** Knows the built-in kinds, and the kinds of the CustomResourceDefinitions among the given objects. Every other kind is namespaced. */
export function clusterScopeOf(objects: readonly Manifest[]): IsClusterScoped {
  const defined = new Set(objects.filter(isDefinition).flatMap(scopedKindOf));
  return (object) => {
    const kind = `${groupOf(object.apiVersion)}/${object.kind}`;
    return BUILT_IN.has(kind) || defined.has(kind);
  };
}

function isDefinition({ apiVersion, kind }: Manifest): boolean {
  return kind === 'CustomResourceDefinition' && groupOf(apiVersion) === 'apiextensions.k8s.io';
}

function scopedKindOf({ spec }: Manifest): string[] {
  const { group, scope, names } = (spec ?? {}) as { group?: string; scope?: string; names?: { kind?: string } };
  return scope === 'Cluster' ? [`${group ?? ''}/${names?.kind ?? ''}`] : [];
}
