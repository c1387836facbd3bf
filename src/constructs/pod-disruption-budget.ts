import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type AppOrLabels, labelsOf } from './labels.js';
import { podsOrShare } from './pods-or-share.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link PodDisruptionBudget}. */
export type PodDisruptionBudgetProps = MetadataOptions & {
  readonly name: string;
  /** The `app` label of the pods, or labels of theirs. */
  readonly app: AppOrLabels;
  /** Whether pods that run but are not ready may always go. @default - the API's: IfHealthyBudget */
  readonly unhealthyPods?: 'IfHealthyBudget' | 'AlwaysAllow';
} & ({ readonly minAvailable: number | string } | { readonly maxUnavailable: number | string });

/** How many pods must stay, or may be away, while a node is drained. A number, or a share such as `50%`. */
export class PodDisruptionBudget extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePodDisruptionBudgetProps>;

  constructor(scope: Construct, id: string, props: PodDisruptionBudgetProps) {
    super(scope, id);
    this.name = checkSubdomain('disruption budget name', props.name);
    this.object = new KubeObject(this, 'budget', k8s.KubePodDisruptionBudget, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        ...('minAvailable' in props
          ? { minAvailable: podsOrShare(`minAvailable of ${this.name}`, props.minAvailable) }
          : { maxUnavailable: podsOrShare(`maxUnavailable of ${this.name}`, props.maxUnavailable) }),
        selector: { matchLabels: labelsOf(`app of ${this.name}`, props.app) },
        unhealthyPodEvictionPolicy: props.unhealthyPods,
      }),
    });
  }
}
