import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkAddress, checkLabel, checkPort, isIpv6 } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of an {@link ExternalService}. */
export interface ExternalServiceProps extends MetadataOptions {
  readonly name: string;
  /** The port of the Service. */
  readonly port: number;
  /** The IP address behind it, or several; not loopback, which the API refuses. */
  readonly address: string | readonly string[];
  /** The port at that address. @default - the same as `port` */
  readonly targetPort?: number;
  /** @default - the port has no name */
  readonly portName?: string;
  /** Ports beside the main one, which needs a `portName` then. @default - none */
  readonly morePorts?: readonly ExternalPort[];
  /** No address of its own: its name leads to the addresses themselves. @default false */
  readonly headless?: boolean;
  /** Which kind of object lists the addresses. `Endpoints` is the old one; clusters from 1.33 on warn about it. @default Endpoints */
  readonly via?: 'Endpoints' | 'EndpointSlice';
}

/** One more port of an {@link ExternalService}. */
export interface ExternalPort {
  readonly name: string;
  /** The port of the Service. */
  readonly port: number;
  /** The port at the address. @default - the same as `port` */
  readonly targetPort?: number;
  /** @default - the API's: TCP */
  readonly protocol?: 'TCP' | 'UDP';
}

/** A name in the cluster for something outside of it: a Service without a selector, and the addresses that it leads to. */
export class ExternalService extends Construct {
  readonly name: string;
  readonly port: number;
  readonly object: KubeObject<k8s.KubeServiceProps>;

  constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    this.name = checkLabel('service name', props.name);
    this.port = checkPort(`port of service ${props.name}`, props.port);
    const ports = portsOf(props);
    const given = typeof props.address === 'string' ? [props.address] : props.address;
    const addresses = given.map((address) => checkAddress(`address of service ${props.name}`, address));
    if (addresses.length === 0) {
      throw new RangeError(`service ${this.name} has no address`);
    }
    this.object = new KubeObject(this, 'service', k8s.KubeService, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        clusterIp: props.headless === true ? 'None' : undefined,
        ports: ports.map(({ targetPort, ...port }) => ({
          ...port,
          targetPort: k8s.IntOrString.fromNumber(targetPort),
        })),
      }),
    });
    if (props.via === 'EndpointSlice') {
      this.addSlice(addresses, ports, props);
    } else {
      new KubeObject(this, 'endpoints', k8s.KubeEndpoints, {
        metadata: renderMetadata(this.name, props),
        subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: ports.map(atAddress) }],
      });
    }
  }

  private addSlice(addresses: readonly string[], ports: readonly RenderedPort[], options: MetadataOptions): void {
    const isV6 = isIpv6(addresses[0] ?? '');
    if (addresses.some((address) => isIpv6(address) !== isV6)) {
      throw new RangeError(`addresses of service ${this.name} are of both IP versions: "${addresses.join(', ')}"`);
    }
    new KubeObject(this, 'endpoint-slice', k8s.KubeEndpointSlice, {
      metadata: renderMetadata(this.name, {
        ...options,
        labels: { ...options.labels, 'kubernetes.io/service-name': this.name },
      }),
      addressType: isV6 ? 'IPv6' : 'IPv4',
      endpoints: [{ addresses: [...addresses] }],
      ports: ports.map(atAddress),
    });
  }
}

type RenderedPort = Partial<Omit<ExternalPort, 'targetPort'>> & { readonly port: number; readonly targetPort: number };

function portsOf({ name: service, port, targetPort, portName, morePorts = [] }: ExternalServiceProps): RenderedPort[] {
  if (morePorts.length > 0 && portName === undefined) {
    throw new RangeError(`service ${service} has several ports, so its main port needs a portName as well`);
  }
  return [defined({ name: portName, port, targetPort }), ...morePorts].map(({ port: own, ...one }) => ({
    ...one,
    port: checkPort(`port of service ${service}`, own),
    targetPort: checkPort(`target port of service ${service}`, one.targetPort ?? own),
  }));
}

function atAddress({ targetPort, ...port }: RenderedPort) {
  return { ...port, port: targetPort };
}
