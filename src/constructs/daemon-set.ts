import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { podsOrShare } from './pods-or-share.js';
import { checkLabel } from './validation.js';
import { type NamedWorkload, podOf, renderMetadata, renderTemplate, selectorOf } from './workload.js';

/** Properties of a {@link DaemonSet}. */
export interface DaemonSetProps extends NamedWorkload {
  /** @default - the API's: RollingUpdate */
  readonly updateStrategy?: 'RollingUpdate' | 'OnDelete';
  /** On how many nodes its pod may be away in an update: a number, or a share such as `25%`. @default - the API's: 1 */
  readonly maxUnavailable?: number | string;
  /** How many old revisions stay. @default - the API's: 10 */
  readonly revisionHistoryLimit?: number;
  /** How long a new pod must be ready before it counts. @default - the API's: 0 */
  readonly minReadySeconds?: number;
}

/** One pod on each node. */
export class DaemonSet extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeDaemonSetProps>;

  constructor(scope: Construct, id: string, props: DaemonSetProps) {
    super(scope, id);
    this.name = checkLabel('daemon set name', props.name);
    const { updateStrategy: type, maxUnavailable: away } = props;
    const maxUnavailable = away === undefined ? undefined : podsOrShare(`maxUnavailable of ${this.name}`, away);
    const rollingUpdate = maxUnavailable && { maxUnavailable };
    this.object = new KubeObject(this, 'daemon-set', k8s.KubeDaemonSet, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        revisionHistoryLimit: props.revisionHistoryLimit,
        minReadySeconds: props.minReadySeconds,
        updateStrategy: (type ?? rollingUpdate) ? defined({ type, rollingUpdate }) : undefined,
        selector: { matchLabels: selectorOf(props) },
        template: renderTemplate(props, podOf(props)),
      }),
    });
  }
}
