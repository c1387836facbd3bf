import { defineApp } from '../../../src/app/index.js';
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding, ServiceAccount } from '../../../src/constructs/index.js';

export const app = defineApp({
  namespace: 'shop',
  build(scope, context) {
    const account = new ServiceAccount(scope, 'account', { name: 'controller' });
    const subjects = [{ name: account.name, namespace: context.namespace }];
    const role = new ClusterRole(scope, 'role', {
      name: 'controller',
      rules: [
        { groups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] },
        { urls: ['/metrics'], verbs: ['get'] },
      ],
    });
    new ClusterRoleBinding(scope, 'binding', { name: 'controller', role, subjects });
    const leases = new Role(scope, 'leases', {
      name: 'controller-leases',
      namespace: 'kube-system',
      rules: [{ groups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
    });
    new RoleBinding(scope, 'leases-binding', {
      name: 'controller-leases',
      namespace: 'kube-system',
      role: leases,
      subjects,
    });
  },
});
