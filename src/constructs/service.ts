import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { checkInteger, checkLabel, checkPort } from './validation.js';

/** How an application's Service looks. */
export interface ServiceOptions {
  /** A port of each node, from 30000 to 32767; the Service is then a NodePort. @default - ClusterIP */
  readonly nodePort?: number;
  /** @default - the port has no name */
  readonly portName?: string;
  /** @default - no labels */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Properties of a {@link Service}. */
export interface ServiceProps extends ServiceOptions {
  readonly name: string;
  /** The port of the Service and of the pods. */
  readonly port: number;
  /** The `app` label of the pods. @default - the Service's name */
  readonly app?: string;
}

/** A Service with one port in front of the pods with a label `app`. */
export class Service extends Construct {
  readonly name: string;
  readonly port: number;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    this.name = checkLabel('service name', props.name);
    this.port = checkPort(`port of service ${props.name}`, props.port);
    const { nodePort, portName, labels } = props;
    new k8s.KubeService(this, 'service', {
      metadata: defined({ name: this.name, labels: labels && { ...labels } }),
      spec: {
        type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
        selector: { app: props.app ?? this.name },
        ports: [
          defined({
            name: portName === undefined ? undefined : checkLabel('port name', portName),
            port: this.port,
            targetPort: k8s.IntOrString.fromNumber(this.port),
            nodePort: nodePort === undefined ? undefined : checkInteger('node port', nodePort, 30000, 32767),
          }),
        ],
      },
    });
  }
}
