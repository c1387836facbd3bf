import { Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import type { Json } from '../app/index.js';
import {
  HelmChartConfig as HelmChartConfigObject,
  type HelmChartConfigProps as HelmChartConfigBody,
} from '../imports/helm.cattle.io.js';
import { KubeObject } from './kube-object.js';
import { checkSubdomain } from './validation.js';

/** Values of a Helm chart. Their order is kept. */
export type HelmValues = { readonly [key: string]: Json };

/** Properties of a {@link HelmChartConfig}. */
export interface HelmChartConfigProps {
  /** The name of the chart that k3s brings, such as `traefik`. */
  readonly name: string;
  readonly values: HelmValues;
}

/** Adds values to a Helm chart that k3s brings. Belongs in the chart's namespace, `kube-system`. */
export class HelmChartConfig extends Construct {
  readonly name: string;
  readonly object: KubeObject<HelmChartConfigBody>;

  constructor(scope: Construct, id: string, props: HelmChartConfigProps) {
    super(scope, id);
    this.name = checkSubdomain('chart name', props.name);
    this.object = new KubeObject(this, 'helm-chart-config', HelmChartConfigObject, {
      metadata: { name: this.name },
      spec: { valuesContent: renderValues(props.values) },
    });
  }
}

/** Values as one YAML text without a newline at its end. What is used twice is written twice, without anchors. */
export function renderValues(values: object): string {
  return Yaml.stringify(JSON.parse(JSON.stringify(values))).trimEnd();
}
