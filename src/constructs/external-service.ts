import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { checkAddress, checkLabel, checkPort } from './validation.js';

/** Properties of an {@link ExternalService}. */
export interface ExternalServiceProps {
  readonly name: string;
  /** The port of the Service. */
  readonly port: number;
  /** The IP address behind it; not loopback, which the API refuses. */
  readonly address: string;
  /** The port at that address. @default - the same as `port` */
  readonly targetPort?: number;
}

/** A name in the cluster for something outside of it: a Service without a selector, and the Endpoints that it leads to. */
export class ExternalService extends Construct {
  readonly name: string;
  readonly port: number;

  constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    this.name = checkLabel('service name', props.name);
    this.port = checkPort(`port of service ${props.name}`, props.port);
    const targetPort = checkPort(`target port of service ${props.name}`, props.targetPort ?? props.port);
    const ip = checkAddress(`address of service ${props.name}`, props.address);
    new k8s.KubeService(this, 'service', {
      metadata: { name: this.name },
      spec: { ports: [{ port: this.port, targetPort: k8s.IntOrString.fromNumber(targetPort) }] },
    });
    new k8s.KubeEndpoints(this, 'endpoints', {
      metadata: { name: this.name },
      subsets: [{ addresses: [{ ip }], ports: [{ port: targetPort }] }],
    });
  }
}
