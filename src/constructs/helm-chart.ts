import { Construct } from 'constructs';
import { HelmChart as HelmChartObject } from '../imports/helm.cattle.io.js';
import { type HelmValues, renderValues } from './helm-chart-config.js';
import { checkSubdomain } from './validation.js';

/** Properties of a {@link HelmChart}. */
export interface HelmChartProps {
  /** The name of the release. */
  readonly name: string;
  /** The chart's name in its repository. */
  readonly chart: string;
  /** The URL of the repository. */
  readonly repository: string;
  /** An exact version: a range would change without a commit. */
  readonly version: string;
  /** The namespace of the release. */
  readonly targetNamespace: string;
  /** @default - the chart's */
  readonly values?: HelmValues;
}

/** A Helm release that k3s's Helm controller installs. It watches the namespace `kube-system`. */
export class HelmChart extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: HelmChartProps) {
    super(scope, id);
    this.name = checkSubdomain('release name', props.name);
    if (!/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(props.version)) {
      throw new RangeError(`version of chart ${props.chart} is not exact, such as 82.1.0: "${props.version}"`);
    }
    new HelmChartObject(this, 'helm-chart', {
      metadata: { name: this.name },
      spec: {
        chart: props.chart,
        repo: props.repository,
        version: props.version,
        targetNamespace: checkSubdomain('target namespace', props.targetNamespace),
        ...(props.values === undefined ? {} : { valuesContent: renderValues(props.values) }),
      },
    });
  }
}
