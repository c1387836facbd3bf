import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** A role: a construct, or `{ kind: 'ClusterRole', name: 'view' }` for one that is there. */
export interface RoleReference {
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
}

/** Who gets rights. */
export interface Subject {
  /** @default ServiceAccount */
  readonly kind?: 'ServiceAccount' | 'User' | 'Group';
  readonly name: string;
  /** The namespace of a ServiceAccount. @default - the binding's; needed in a {@link ClusterRoleBinding} */
  readonly namespace?: string;
}

/** Properties of a {@link RoleBinding}. */
export interface RoleBindingProps extends MetadataOptions {
  readonly name: string;
  readonly role: RoleReference;
  readonly subjects: readonly Subject[];
}

/** Gives the rights of a role to accounts, in one namespace. */
export class RoleBinding extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeRoleBindingProps>;

  constructor(scope: Construct, id: string, props: RoleBindingProps) {
    super(scope, id);
    this.name = props.name;
    this.object = new KubeObject(this, 'binding', k8s.KubeRoleBinding, {
      metadata: renderMetadata(this.name, props),
      ...renderBinding(props),
    });
  }
}

/** Properties of a {@link ClusterRoleBinding}. */
export type ClusterRoleBindingProps = Omit<RoleBindingProps, 'namespace'>;

/** Gives the rights of a cluster role to accounts, in all namespaces. */
export class ClusterRoleBinding extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeClusterRoleBindingProps>;

  constructor(scope: Construct, id: string, props: ClusterRoleBindingProps) {
    super(scope, id);
    this.name = props.name;
    const homeless = props.subjects.find(
      ({ kind = 'ServiceAccount', namespace }) => kind === 'ServiceAccount' && namespace === undefined,
    );
    if (homeless !== undefined) {
      throw new RangeError(
        `cluster role binding ${this.name} must say the namespace of ServiceAccount "${homeless.name}": namespace: context.namespace`,
      );
    }
    this.object = new KubeObject(this, 'binding', k8s.KubeClusterRoleBinding, {
      metadata: renderMetadata(this.name, props),
      ...renderBinding(props),
    });
  }
}

const API_GROUP = 'rbac.authorization.k8s.io';

function renderBinding({ role, subjects }: ClusterRoleBindingProps) {
  return {
    roleRef: { apiGroup: API_GROUP, kind: role.kind, name: role.name },
    subjects: subjects.map(({ kind = 'ServiceAccount', name, namespace }) =>
      defined({ kind, name, namespace, apiGroup: kind === 'ServiceAccount' ? undefined : API_GROUP }),
    ),
  };
}
