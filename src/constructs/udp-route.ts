import { Construct } from 'constructs';
import {
  IngressRouteUdp as UdpObject,
  type IngressRouteUdpProps as Body,
  IngressRouteUdpSpecRoutesServicesPort as Port,
} from '../imports/traefik.io.js';
import { KubeObject } from './kube-object.js';
import type { PlainBackend } from './tcp-route.js';
import { checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link UdpRoute}. */
export interface UdpRouteProps extends MetadataOptions {
  readonly name: string;
  /** Entry points of Traefik, such as `dns`. */
  readonly entryPoints: readonly string[];
  readonly backend: PlainBackend;
}

/** Leads UDP datagrams to a Service, through Traefik: an IngressRouteUDP. */
export class UdpRoute extends Construct {
  readonly name: string;
  readonly object: KubeObject<Body>;

  constructor(scope: Construct, id: string, props: UdpRouteProps) {
    super(scope, id);
    this.name = checkSubdomain('route name', props.name);
    const { entryPoints, backend } = props;
    const port =
      typeof backend.port === 'number'
        ? Port.fromNumber(checkPort(`port of backend ${backend.name}`, backend.port))
        : Port.fromString(backend.port);
    this.object = new KubeObject(this, 'ingress-route', UdpObject, {
      metadata: renderMetadata(this.name, props),
      spec: { entryPoints: [...entryPoints], routes: [{ services: [{ name: backend.name, port }] }] },
    });
  }
}
