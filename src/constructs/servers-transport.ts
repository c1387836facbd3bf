import { Construct } from 'constructs';
import { ServersTransport as TransportObject, type ServersTransportProps as Body } from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link ServersTransport}. */
export interface ServersTransportProps extends MetadataOptions {
  readonly name: string;
  /** Whether every certificate is taken. @default - Traefik's: false */
  readonly insecureSkipVerify?: boolean;
  /** The name that the certificate must have. @default - the host */
  readonly serverName?: string;
  /** Secrets with certificates of authorities. @default - the system's */
  readonly authorities?: readonly NameOrConstruct[];
  /** @default - Traefik's: 200 */
  readonly maxIdleConnectionsPerHost?: number;
}

/** How Traefik speaks to a backend with TLS of its own, such as a NAS: `backend: { ..., scheme: 'https', serversTransport }`. */
export class ServersTransport extends Construct {
  readonly name: string;
  readonly object: KubeObject<Body>;

  constructor(scope: Construct, id: string, props: ServersTransportProps) {
    super(scope, id);
    this.name = checkSubdomain('servers transport name', props.name);
    const { insecureSkipVerify, serverName, authorities, maxIdleConnectionsPerHost } = props;
    this.object = new KubeObject(this, 'transport', TransportObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        serverName,
        insecureSkipVerify,
        rootCAsSecrets: authorities?.map(nameOf),
        maxIdleConnsPerHost: maxIdleConnectionsPerHost,
      }),
    });
  }
}
