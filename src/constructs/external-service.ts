import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { checkAddress, checkLabel, checkPort, isIpv6 } from './validation.js';

/** Properties of an {@link ExternalService}. */
export interface ExternalServiceProps {
  readonly name: string;
  /** The port of the Service. */
  readonly port: number;
  /** The IP address behind it, or several; not loopback, which the API refuses. */
  readonly address: string | readonly string[];
  /** The port at that address. @default - the same as `port` */
  readonly targetPort?: number;
  /** Which kind of object lists the addresses. `Endpoints` is the old one; clusters from 1.33 on warn about it. @default Endpoints */
  readonly via?: 'Endpoints' | 'EndpointSlice';
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
    const targetPort = checkPort(`target port of service ${props.name}`, props.targetPort ?? props.port);
    const given = typeof props.address === 'string' ? [props.address] : props.address;
    const addresses = given.map((address) => checkAddress(`address of service ${props.name}`, address));
    if (addresses.length === 0) {
      throw new RangeError(`service ${this.name} has no address`);
    }
    this.object = new KubeObject(this, 'service', k8s.KubeService, {
      metadata: { name: this.name },
      spec: { ports: [{ port: this.port, targetPort: k8s.IntOrString.fromNumber(targetPort) }] },
    });
    if (props.via === 'EndpointSlice') {
      this.addSlice(addresses, targetPort);
    } else {
      new KubeObject(this, 'endpoints', k8s.KubeEndpoints, {
        metadata: { name: this.name },
        subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ port: targetPort }] }],
      });
    }
  }

  private addSlice(addresses: readonly string[], port: number): void {
    const isV6 = isIpv6(addresses[0] ?? '');
    if (addresses.some((address) => isIpv6(address) !== isV6)) {
      throw new RangeError(`addresses of service ${this.name} are of both IP versions: "${addresses.join(', ')}"`);
    }
    new KubeObject(this, 'endpoint-slice', k8s.KubeEndpointSlice, {
      metadata: { name: this.name, labels: { 'kubernetes.io/service-name': this.name } },
      addressType: isV6 ? 'IPv6' : 'IPv4',
      endpoints: [{ addresses: [...addresses] }],
      ports: [{ port }],
    });
  }
}
