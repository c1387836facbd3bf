import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { checkInteger, checkSubdomain } from './validation.js';

/** Properties of a {@link PodDisruptionBudget}. */
export type PodDisruptionBudgetProps = {
  readonly name: string;
  /** The `app` label of the pods. */
  readonly app: string;
} & ({ readonly minAvailable: number | string } | { readonly maxUnavailable: number | string });

/** How many pods must stay, or may be away, while a node is drained. A number, or a share such as `50%`. */
export class PodDisruptionBudget extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubePodDisruptionBudgetProps>;

  constructor(scope: Construct, id: string, props: PodDisruptionBudgetProps) {
    super(scope, id);
    this.name = checkSubdomain('disruption budget name', props.name);
    this.object = new KubeObject(this, 'budget', k8s.KubePodDisruptionBudget, {
      metadata: { name: this.name },
      spec: {
        ...('minAvailable' in props
          ? { minAvailable: shareOf(props.minAvailable) }
          : { maxUnavailable: shareOf(props.maxUnavailable) }),
        selector: { matchLabels: { app: props.app } },
      },
    });
  }
}

function shareOf(value: number | string): k8s.IntOrString {
  if (typeof value === 'number') {
    return k8s.IntOrString.fromNumber(checkInteger('number of pods', value, 0, 1000));
  }
  if (!/^\d{1,3}%$/.test(value)) {
    throw new RangeError(`share of pods is not a percentage such as 50%: "${value}"`);
  }
  return k8s.IntOrString.fromString(value);
}
