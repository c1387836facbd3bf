import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkInteger, checkLabel, checkPort } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** One more port of a {@link Service}. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** The pods' port, by number or by name. @default - the same as `port` */
  readonly targetPort?: number | string;
  /** @default - the API's: TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  /** A port of each node, from 30000 to 32767. @default - none */
  readonly nodePort?: number;
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
  /** The pods' port, by number or by name. @default - the same as `port` */
  readonly targetPort?: number | string;
  /** Ports beside the main one, which needs a `portName` then. @default - none */
  readonly morePorts?: readonly ServicePort[];
  /** `Local` keeps client addresses and passes requests to pods of the same node only. @default - the API's: Cluster */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** Properties of a {@link Service}. */
export interface ServiceProps extends ServiceOptions {
  readonly name: string;
  /** The port of the Service and, without `targetPort`, of the pods. */
  readonly port: number;
  /** The `app` label of the pods. @default - the Service's name */
  readonly app?: string;
}

/** A Service in front of the pods with a label `app`. */
export class Service extends Construct {
  readonly name: string;
  readonly port: number;
  readonly object: KubeObject<k8s.KubeServiceProps>;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    this.name = checkLabel('service name', props.name);
    this.port = checkPort(`port of service ${props.name}`, props.port);
    const { headless, externalTrafficPolicy } = props;
    this.object = new KubeObject(this, 'service', k8s.KubeService, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        type: typeOf(props),
        clusterIp: headless === true ? 'None' : undefined,
        externalTrafficPolicy,
        selector: { app: props.app ?? this.name },
        ports: renderPorts(props),
      }),
    });
  }
}

type AnyPort = Pick<ServicePort, 'port'> & Partial<ServicePort>;

function typeOf({ name, nodePort, loadBalancer = false, headless = false }: ServiceProps): string {
  if ([nodePort !== undefined, loadBalancer, headless].filter(Boolean).length > 1) {
    throw new RangeError(`service ${name} can be only one of: with a node port, with a load balancer, headless`);
  }
  if (loadBalancer) {
    return 'LoadBalancer';
  }
  return nodePort === undefined ? 'ClusterIP' : 'NodePort';
}

function renderPorts({ name, portName, port, targetPort, nodePort, morePorts = [] }: ServiceProps): k8s.ServicePort[] {
  if (morePorts.length > 0 && portName === undefined) {
    throw new RangeError(`service ${name} has several ports, so its main port needs a portName as well`);
  }
  const main = defined({ name: portName, port, targetPort, nodePort });
  return [main, ...morePorts].map((one) => renderPort(name, one));
}

function renderPort(service: string, { name, protocol, port, targetPort = port, nodePort }: AnyPort): k8s.ServicePort {
  return defined({
    name: name === undefined ? undefined : checkLabel('port name', name),
    protocol,
    port: checkPort(`port of service ${service}`, port),
    targetPort: targetPortOf(service, targetPort),
    nodePort: nodePort === undefined ? undefined : checkInteger('node port', nodePort, 30000, 32767),
  });
}

function targetPortOf(service: string, port: number | string): k8s.IntOrString {
  const what = `target port of service ${service}`;
  return typeof port === 'number'
    ? k8s.IntOrString.fromNumber(checkPort(what, port))
    : k8s.IntOrString.fromString(checkLabel(what, port));
}
