import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type AccessRule, renderAccessRule, type ResourceRule } from './access-rule.js';
import { KubeObject } from './kube-object.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link Role}. */
export interface RoleProps extends MetadataOptions {
  readonly name: string;
  readonly rules: readonly ResourceRule[];
}

/** Rights in one namespace; a {@link RoleBinding} gives them to accounts. {@link ServiceAccount} makes both for the usual case. */
export class Role extends Construct {
  readonly kind = 'Role';
  readonly name: string;
  readonly object: KubeObject<k8s.KubeRoleProps>;

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    this.name = props.name;
    this.object = new KubeObject(this, 'role', k8s.KubeRole, {
      metadata: renderMetadata(this.name, props),
      rules: props.rules.map(renderAccessRule),
    });
  }
}

/** Properties of a {@link ClusterRole}. */
export interface ClusterRoleProps extends Omit<MetadataOptions, 'namespace'> {
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

/** Rights in the whole cluster, or to be bound in namespaces. */
export class ClusterRole extends Construct {
  readonly kind = 'ClusterRole';
  readonly name: string;
  readonly object: KubeObject<k8s.KubeClusterRoleProps>;

  constructor(scope: Construct, id: string, props: ClusterRoleProps) {
    super(scope, id);
    this.name = props.name;
    this.object = new KubeObject(this, 'role', k8s.KubeClusterRole, {
      metadata: renderMetadata(this.name, props),
      rules: props.rules.map(renderAccessRule),
    });
  }
}
