import type { DesiredApp } from './desired-state.js';
import type { Manifest } from './manifest.js';
import { type ResourceName, resourceNames } from './resource-names.js';

/** For whom {@link leastPrivilege} makes roles. */
export interface RoleOptions {
  /** The ServiceAccount's name, and that of its roles. */
  readonly name: string;
  /** The ServiceAccount's namespace. */
  readonly namespace: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** @default - all */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const SEE = ['get', 'list', 'watch'];
const CHANGE = ['create', 'patch', 'delete'];
const RBAC = 'rbac.authorization.k8s.io';

/**
 * A ServiceAccount for the daemon, and roles with no more than these applications need: to see each of their kinds everywhere (one watch serves
 * all namespaces), to change them only in the namespaces where they are, to see pods beside them, to make the namespaces, and to read the
 * pull secrets that are named.
 */
export function leastPrivilege(apps: readonly DesiredApp[], options: RoleOptions): Manifest[] {
  const objects = apps.flatMap((app) => app.objects);
  const resourceOf = resourceNames(objects);
  const namespaces = [...new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []))].sort();
  const inNamespace = (wanted: string | undefined): ResourceName[] =>
    objects.filter(({ metadata: { namespace } }) => namespace === wanted).map(resourceOf);
  const makesNamespaces = apps.some(({ sync }) => sync.createNamespace);
  const clusterRules = [
    ...rules(objects.map(resourceOf), SEE),
    ...rules(inNamespace(undefined), CHANGE),
    ...(makesNamespaces ? [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'create', 'patch'] }] : []),
    ...passingOnRights(objects.map(resourceOf)),
    ...readingLogins(apps),
  ];
  const { name, namespace } = options;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules: clusterRules },
    binding('ClusterRole', options),
    ...namespaces.flatMap((where) => [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'Role',
        metadata: { name, namespace: where },
        rules: [...rules(inNamespace(where), CHANGE), { apiGroups: [''], resources: ['pods'], verbs: SEE }],
      },
      binding('Role', options, where),
    ]),
  ];
}

/** One rule for each group. */
function rules(names: readonly ResourceName[], verbs: readonly string[]): Rule[] {
  const groups = [...new Set(names.map(({ group }) => group))].sort();
  return groups.map((group) => {
    const resources = names.flatMap((name) => (name.group === group ? [name.resource] : []));
    return { apiGroups: [group], resources: [...new Set(resources)].sort(), verbs };
  });
}

/** Applications that give rights to others need these: the API server lets nobody else pass on rights that he does not have. */
function passingOnRights(names: readonly ResourceName[]): Rule[] {
  const used = new Set(names.flatMap(({ group, resource }) => (group === RBAC ? [resource] : [])));
  const rule = (verb: string, wanted: boolean): Rule[] =>
    wanted ? [{ apiGroups: [RBAC], resources: ['clusterroles', 'roles'], verbs: [verb] }] : [];
  return [
    ...rule('escalate', used.has('roles') || used.has('clusterroles')),
    ...rule('bind', used.has('rolebindings') || used.has('clusterrolebindings')),
  ];
}

/** Pull secrets that image policies name; in the own namespace, or in one that the daemon shares. */
function readingLogins(apps: readonly DesiredApp[]): Rule[] {
  const names = apps.flatMap(({ images }) =>
    images.flatMap(({ pullSecret }) => {
      if (pullSecret === undefined || (typeof pullSecret === 'object' && 'config' in pullSecret)) {
        return [];
      }
      return [typeof pullSecret === 'string' ? pullSecret : pullSecret.name];
    }),
  );
  const resourceNames = [...new Set(names)].sort();
  return names.length === 0 ? [] : [{ apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['get'] }];
}

function binding(kind: 'ClusterRole' | 'Role', { name, namespace }: RoleOptions, where?: string): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata: { name, ...(where !== undefined && { namespace: where }) },
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
}
