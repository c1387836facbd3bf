import { Construct } from 'constructs';
import {
  IngressRouteTcp as TcpObject,
  type IngressRouteTcpProps as Body,
  IngressRouteTcpSpecRoutesServicesPort as Port,
} from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** A Service that receives connections, or datagrams. */
export interface PlainBackend {
  readonly name: string;
  /** Its number, or its name. */
  readonly port: number | string;
}

/** Properties of a {@link TcpRoute}. */
export interface TcpRouteProps extends MetadataOptions {
  readonly name: string;
  /** Entry points of Traefik, such as `mysql`. */
  readonly entryPoints: readonly string[];
  /** The name that TLS clients ask for; `*` for every connection, and needed without TLS. @default * */
  readonly host?: string;
  readonly backend: PlainBackend;
  /** `passthrough` leaves TLS to the backend. @default - plain TCP */
  readonly tls?: 'passthrough' | { readonly resolver: string } | { readonly secret: NameOrConstruct };
}

/** Leads TCP connections to a Service, through Traefik: an IngressRouteTCP. */
export class TcpRoute extends Construct {
  readonly name: string;
  readonly object: KubeObject<Body>;

  constructor(scope: Construct, id: string, props: TcpRouteProps) {
    super(scope, id);
    this.name = checkSubdomain('route name', props.name);
    const { entryPoints, host = '*', backend, tls } = props;
    if (host !== '*' && tls === undefined) {
      throw new RangeError(
        `TCP route ${this.name} cannot know the host "${host}" without TLS; leave host out, or give it tls`,
      );
    }
    const port =
      typeof backend.port === 'number' ? checkPort(`port of backend ${backend.name}`, backend.port) : undefined;
    this.object = new KubeObject(this, 'ingress-route', TcpObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        entryPoints: [...entryPoints],
        routes: [
          {
            match: `HostSNI(\`${host}\`)`,
            services: [
              {
                name: backend.name,
                port: port === undefined ? Port.fromString(String(backend.port)) : Port.fromNumber(port),
              },
            ],
          },
        ],
        tls: tls === undefined ? undefined : renderTls(tls),
      }),
    });
  }
}

function renderTls(tls: NonNullable<TcpRouteProps['tls']>) {
  if (tls === 'passthrough') {
    return { passthrough: true };
  }
  return 'resolver' in tls ? { certResolver: tls.resolver } : { secretName: nameOf(tls.secret) };
}
