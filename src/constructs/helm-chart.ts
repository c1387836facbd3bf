import { Construct } from 'constructs';
import {
  HelmChart as HelmChartObject,
  type HelmChartProps as HelmChartBody,
  HelmChartSpecFailurePolicy,
  HelmChartSpecSet,
} from '../imports/helm.cattle.io.js';
import { defined } from './defined.js';
import { type HelmValues, renderValues } from './helm-chart-config.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** A Secret of the chart object's own namespace whose keys are YAML texts of values. */
export interface ValuesSecret {
  readonly secret: NameOrConstruct;
  /** Each holds values as YAML, like a values file. */
  readonly keys: readonly string[];
}

/** Properties of a {@link HelmChart}. */
export interface HelmChartProps<Values extends object = HelmValues> extends MetadataOptions {
  /** The name of the release. */
  readonly name: string;
  /** The chart's name in its repository, or an `oci://` address. */
  readonly chart: string;
  /** The URL of the repository. @default - none: `chart` is a whole address */
  readonly repository?: string;
  /** An exact version such as `82.1.0`, or a range such as `82.*`, of which Helm takes the newest when something else changes. */
  readonly version: string;
  /** The namespace of the release. */
  readonly targetNamespace: string;
  /** Whether that namespace is made where it is missing. @default - the controller's: false */
  readonly createNamespace?: boolean;
  /** Not for secrets. @default - the chart's */
  readonly values?: Values;
  /** Secrets with more values: passwords, for instance. @default - none */
  readonly valuesSecrets?: readonly ValuesSecret[];
  /** Such as `10m`. @default - Helm's: 5m */
  readonly timeout?: string;
  /** What follows a failed release. @default - the controller's: reinstall */
  readonly failurePolicy?: 'reinstall' | 'abort' | 'retry';
  /** A Secret `kubernetes.io/basic-auth` for a private repository. @default - a public one */
  readonly repositorySecret?: NameOrConstruct;
  /** A Secret `kubernetes.io/dockerconfigjson` for a private OCI registry. @default - a public one */
  readonly registrySecret?: NameOrConstruct;
  /** Single values, as `--set` has them: `{ 'image.tag': '2.10.3' }`. @default - none */
  readonly set?: Readonly<Record<string, string | number>>;
  /** How often a failed job is tried again. @default - the controller's: 1000 */
  readonly retries?: number;
  /** Whether the chart is needed before the cluster works. @default - the controller's: false */
  readonly bootstrap?: boolean;
  /** The image of the job that runs Helm. @default - the controller's */
  readonly jobImage?: string;
}

/** A Helm release that k3s's Helm controller installs. Its namespace is usually `kube-system`; the release's is `targetNamespace`. */
export class HelmChart<Values extends object = HelmValues> extends Construct {
  readonly name: string;
  readonly object: KubeObject<HelmChartBody>;

  constructor(scope: Construct, id: string, props: HelmChartProps<Values>) {
    super(scope, id);
    this.name = checkSubdomain('release name', props.name);
    const { chart, repository, version, createNamespace, values, valuesSecrets, timeout, failurePolicy, set } = props;
    this.object = new KubeObject(this, 'helm-chart', HelmChartObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        chart,
        repo: repository,
        version: checkVersion(chart, version),
        targetNamespace: checkSubdomain('target namespace', props.targetNamespace),
        createNamespace,
        valuesContent: values && renderValues(values),
        valuesSecrets: valuesSecrets?.map(({ secret, keys }) => ({ name: nameOf(secret), keys: [...keys] })),
        set: set && Object.fromEntries(Object.entries(set).map(([key, value]) => [key, renderSet(value)])),
        backOffLimit: props.retries,
        bootstrap: props.bootstrap,
        jobImage: props.jobImage,
        timeout,
        failurePolicy: failurePolicy && FAILURE_POLICIES[failurePolicy],
        authSecret: props.repositorySecret && { name: nameOf(props.repositorySecret) },
        dockerRegistrySecret: props.registrySecret && { name: nameOf(props.registrySecret) },
      }),
    });
  }
}

function renderSet(value: string | number): HelmChartSpecSet {
  return typeof value === 'number' ? HelmChartSpecSet.fromNumber(value) : HelmChartSpecSet.fromString(value);
}

const FAILURE_POLICIES = {
  abort: HelmChartSpecFailurePolicy.ABORT,
  reinstall: HelmChartSpecFailurePolicy.REINSTALL,
  retry: HelmChartSpecFailurePolicy.RETRY,
} as const;

function checkVersion(chart: string, version: string): string {
  if (!/^[v^~<>=]*\s?\d[0-9A-Za-z.+*\s<>=,|-]*$/.test(version)) {
    throw new RangeError(`version of chart ${chart} is neither exact (82.1.0) nor a range (82.*): "${version}"`);
  }
  return version;
}
