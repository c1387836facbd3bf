import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type AccessRule, renderAccessRule } from './access-rule.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link ServiceAccount}. */
export interface ServiceAccountProps extends MetadataOptions {
  readonly name: string;
  /** The account's namespace, which rules for the whole cluster must name: `context.namespace`. @default - needed only with `clusterRules` */
  readonly namespace?: string;
  /** What it may do in its namespace: a Role and its binding, of the account's name. @default - nothing */
  readonly rules?: readonly AccessRule[];
  /** What it may do everywhere: a ClusterRole and its binding, of the account's name. @default - nothing */
  readonly clusterRules?: readonly AccessRule[];
  /** @default - the API's: true */
  readonly mountToken?: boolean;
  /** Secrets with registry credentials for all pods of the account. @default - none */
  readonly pullSecrets?: readonly NameOrConstruct[];
}

/** An account for pods that speak to the Kubernetes API, with exactly the rights that are listed. */
export class ServiceAccount extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeServiceAccountProps>;

  constructor(scope: Construct, id: string, props: ServiceAccountProps) {
    super(scope, id);
    this.name = checkSubdomain('service account name', props.name);
    const { rules = [], clusterRules = [], mountToken, pullSecrets } = props;
    this.object = new KubeObject(
      this,
      'account',
      k8s.KubeServiceAccount,
      defined({
        metadata: renderMetadata(this.name, props),
        automountServiceAccountToken: mountToken,
        imagePullSecrets: pullSecrets?.map((secret) => ({ name: nameOf(secret) })),
      }),
    );
    if (rules.length > 0) {
      this.bind(rules);
    }
    if (clusterRules.length > 0) {
      this.bindEverywhere(clusterRules, props.namespace);
    }
  }

  private bind(rules: readonly AccessRule[]): void {
    const metadata = { name: this.name };
    new KubeObject(this, 'role', k8s.KubeRole, { metadata, rules: rules.map(renderAccessRule) });
    new KubeObject(this, 'role-binding', k8s.KubeRoleBinding, {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: this.name },
      subjects: [{ kind: 'ServiceAccount', name: this.name }],
    });
  }

  private bindEverywhere(rules: readonly AccessRule[], namespace: string | undefined): void {
    if (namespace === undefined) {
      throw new RangeError(`service account ${this.name} has clusterRules and so needs namespace: context.namespace`);
    }
    const metadata = { name: this.name };
    new KubeObject(this, 'cluster-role', k8s.KubeClusterRole, { metadata, rules: rules.map(renderAccessRule) });
    new KubeObject(this, 'cluster-role-binding', k8s.KubeClusterRoleBinding, {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: this.name },
      subjects: [{ kind: 'ServiceAccount', name: this.name, namespace }],
    });
  }
}
