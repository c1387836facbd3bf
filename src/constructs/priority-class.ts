import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkInteger, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link PriorityClass}. */
export interface PriorityClassProps extends Omit<MetadataOptions, 'namespace'> {
  readonly name: string;
  /** The higher, the more important; at most 1000000000. */
  readonly value: number;
  /** Whether pods that name no class have it. @default - the API's: false */
  readonly globalDefault?: boolean;
  /** @default - none */
  readonly description?: string;
  /** Whether less important pods are stopped where there is no room. @default - the API's: PreemptLowerPriority */
  readonly preemption?: 'PreemptLowerPriority' | 'Never';
}

/** How important pods are: `priorityClass` of a workload names it. */
export class PriorityClass extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePriorityClassProps>;

  constructor(scope: Construct, id: string, props: PriorityClassProps) {
    super(scope, id);
    this.name = checkSubdomain('priority class name', props.name);
    this.object = new KubeObject(
      this,
      'class',
      k8s.KubePriorityClass,
      defined({
        metadata: renderMetadata(this.name, props),
        value: checkInteger(`value of priority class ${this.name}`, props.value, -2_147_483_648, 1_000_000_000),
        globalDefault: props.globalDefault,
        description: props.description,
        preemptionPolicy: props.preemption,
      }),
    );
  }
}
