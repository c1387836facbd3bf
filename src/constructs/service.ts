import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type AppOrLabels, labelsOf } from './labels.js';
import { checkAddress, checkAddressRange, checkInteger, checkLabel, checkPort } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** One more port of a {@link Service}. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** The pods' port, by number or by name; `null` leaves the field out. @default - the same as `port` */
  readonly targetPort?: number | string | null;
  /** @default - the API's: TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  /** A port of each node, from 30000 to 32767. @default - none */
  readonly nodePort?: number;
  /** What is spoken on it, such as `http` or `kubernetes.io/h2c`. @default - nothing is said */
  readonly appProtocol?: string;
}

/** How an application's Service looks. */
export interface ServiceOptions extends MetadataOptions {
  /** A port of each node, from 30000 to 32767; the Service is then a NodePort. @default - ClusterIP */
  readonly nodePort?: number;
  /** An address of the cluster's load balancer. @default false */
  readonly loadBalancer?: boolean;
  /** No address of its own: its name leads to the pods themselves. @default false */
  readonly headless?: boolean;
  /** @default - the port has no name */
  readonly portName?: string;
  /** The pods' port, by number or by name; `null` leaves the field out. @default - the same as `port` */
  readonly targetPort?: number | string | null;
  /** @default - the API's: TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  /** What is spoken on the main port, such as `http` or `kubernetes.io/h2c`. @default - nothing is said */
  readonly appProtocol?: string;
  /** `null` leaves the field out, which means ClusterIP. @default - ClusterIP, or what `nodePort` and `loadBalancer` ask for */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | null;
  /** Ports beside the main one, which needs a `portName` then. @default - none */
  readonly morePorts?: readonly ServicePort[];
  /** `Local` keeps client addresses and passes requests to pods of the same node only. @default - the API's: Cluster */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** `Local` passes requests of the cluster to pods of the same node only. @default - the API's: Cluster */
  readonly internalTrafficPolicy?: 'Cluster' | 'Local';
  /** `ClientIP` leads a client always to the same pod. @default - the API's: None */
  readonly sessionAffinity?: 'ClientIP' | 'None';
  /** An address of the Service's own. @default - one that the cluster chooses */
  readonly clusterIp?: string;
  /** The address that a load balancer should have. @default - one that it chooses */
  readonly loadBalancerIp?: string;
  /** Who may use the load balancer, in CIDR notation. @default - anybody */
  readonly loadBalancerSourceRanges?: readonly string[];
  /** @default - the cluster's load balancer */
  readonly loadBalancerClass?: string;
  /** Addresses of nodes, or others that lead to the cluster, on which it listens too. @default - none */
  readonly externalIps?: readonly string[];
  /** Whether pods that are not ready are found as well. @default - the API's: false */
  readonly publishNotReadyAddresses?: boolean;
  /** @default - the cluster's */
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
}

/** Properties of a {@link Service}. */
export interface ServiceProps extends ServiceOptions {
  readonly name: string;
  /** The port of the Service and, without `targetPort`, of the pods. */
  readonly port: number;
  /** The `app` label of the pods, or labels of theirs. @default - the Service's name */
  readonly app?: AppOrLabels;
}

/** A Service in front of the pods with a label `app`, or with other labels. */
export class Service extends Construct {
  readonly name: string;
  readonly port: number;
  readonly object: KubeObject<k8s.KubeServiceProps>;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    this.name = checkLabel('service name', props.name);
    this.port = checkPort(`port of service ${props.name}`, props.port);
    const { loadBalancerSourceRanges, externalIps } = props;
    this.object = new KubeObject(this, 'service', k8s.KubeService, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        type: typeOf(props),
        clusterIp: props.headless === true ? 'None' : props.clusterIp,
        loadBalancerIp: props.loadBalancerIp,
        loadBalancerSourceRanges: loadBalancerSourceRanges?.map((range) => checkAddressRange('source range', range)),
        loadBalancerClass: props.loadBalancerClass,
        externalIPs: externalIps?.map((address) => checkAddress(`external address of service ${this.name}`, address)),
        externalTrafficPolicy: props.externalTrafficPolicy,
        internalTrafficPolicy: props.internalTrafficPolicy,
        sessionAffinity: props.sessionAffinity,
        publishNotReadyAddresses: props.publishNotReadyAddresses,
        ipFamilyPolicy: props.ipFamilyPolicy,
        selector: labelsOf(`app of service ${this.name}`, props.app ?? this.name),
        ports: renderPorts(props),
      }),
    });
  }
}

type AnyPort = Pick<ServicePort, 'port'> & Partial<ServicePort>;

function typeOf(props: ServiceProps): string | undefined {
  const { name, type, nodePort, loadBalancer = type === 'LoadBalancer', headless = false } = props;
  if ([nodePort !== undefined && type !== 'LoadBalancer', loadBalancer, headless].filter(Boolean).length > 1) {
    throw new RangeError(`service ${name} can be only one of: with a node port, with a load balancer, headless`);
  }
  if (type !== undefined) {
    return type ?? undefined;
  }
  if (loadBalancer) {
    return 'LoadBalancer';
  }
  return nodePort === undefined ? 'ClusterIP' : 'NodePort';
}

function renderPorts(props: ServiceProps): k8s.ServicePort[] {
  const { name, portName, port, protocol, targetPort, nodePort, appProtocol, morePorts = [] } = props;
  if (morePorts.length > 0 && portName === undefined) {
    throw new RangeError(`service ${name} has several ports, so its main port needs a portName as well`);
  }
  const main = defined({ name: portName, port, protocol, targetPort, nodePort, appProtocol });
  return [main, ...morePorts].map((one) => renderPort(name, one));
}

function renderPort(service: string, one: AnyPort): k8s.ServicePort {
  const { name, protocol, port, targetPort = port, nodePort, appProtocol } = one;
  return defined({
    name: name === undefined ? undefined : checkLabel('port name', name),
    protocol,
    appProtocol,
    port: checkPort(`port of service ${service}`, port),
    targetPort: targetPort === null ? undefined : targetPortOf(service, targetPort),
    nodePort: nodePort === undefined ? undefined : checkInteger('node port', nodePort, 30000, 32767),
  });
}

function targetPortOf(service: string, port: number | string): k8s.IntOrString {
  const what = `target port of service ${service}`;
  return typeof port === 'number'
    ? k8s.IntOrString.fromNumber(checkPort(what, port))
    : k8s.IntOrString.fromString(checkLabel(what, port));
}
