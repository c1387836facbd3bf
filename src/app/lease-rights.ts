import type { RoleOptions } from './least-privilege.js';
import type { Manifest } from './manifest.js';

const RBAC = 'rbac.authorization.k8s.io';

/** The name of the Lease by which the daemons of one stack agree who of them writes. */
export function leaseNameOf(stack: string): string {
  const suffix = stack
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return stack === 'prodesk' ? 'prodesk-driver' : `prodesk-driver-${suffix}`;
}

/** What the daemon's ServiceAccount needs to hold the Lease of a stack in its namespace. */
export function leaseRights({ name, namespace }: RoleOptions, stack: string): Manifest[] {
  const role = `${name}-leader`;
  const lease = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: role, namespace },
      /** A creation cannot be limited by name. */
      rules: [
        { ...lease, verbs: ['create'] },
        { ...lease, resourceNames: [leaseNameOf(stack)], verbs: ['get', 'update'] },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: role, namespace },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}
