import { Construct } from 'constructs';
import { HelmChartConfig, type HelmValues } from './helm-chart-config.js';
import { applyMerge } from './merge-patch.js';
import { parseQuantity } from './quantity.js';
import { checkAbsolutePath, checkPort } from './validation.js';

/**
 * How Traefik gets its requests.
 * - `hostNetwork`: it listens on the node's own ports 80 and 443 and sees real client addresses.
 * - `loadBalancer`: k3s's load balancer passes them on; on k3s clients seem to come from the cluster, so allow lists refuse everybody.
 */
export type TraefikExposure =
  | {
      readonly mode: 'hostNetwork';
      /** The chart's default 9100 is node-exporter's on the host. @default 9101 */
      readonly metricsPort?: number;
    }
  | { readonly mode: 'loadBalancer' };

/** Certificates from an ACME service. */
export interface AcmeProps {
  /** Where the service sends warnings. */
  readonly email: string;
  /** The resolver's name in routes. @default letsencrypt */
  readonly resolver?: string;
  /** Where certificates are kept in the container. @default /data/acme.json */
  readonly storage?: string;
  /** How the service is shown that a host is ours: over port 80, over port 443, or by a DNS record of a provider such as `cloudflare`. @default http */
  readonly challenge?: 'http' | 'tls' | { readonly dnsProvider: string };
  /** The address of the service, such as that of Let's Encrypt for trying out. @default - Traefik's: Let's Encrypt */
  readonly server?: string;
}

/** Properties of a {@link TraefikConfig}. */
export interface TraefikConfigProps {
  readonly exposure: TraefikExposure;
  readonly acme: AcmeProps;
  /** The size of the volume that keeps certificates, a quantity. @default 128Mi */
  readonly storageSize?: string;
  /** More flags, such as `--entrypoints.web.forwardedheaders.insecure`. @default - none */
  readonly arguments?: readonly string[];
  /** More values of the chart, laid over those of this construct; lists are replaced. @default - none */
  readonly values?: HelmValues;
}

/** Configures the Traefik that k3s brings. Belongs in the namespace `kube-system`. */
export class TraefikConfig extends Construct {
  readonly config: HelmChartConfig;

  constructor(scope: Construct, id: string, props: TraefikConfigProps) {
    super(scope, id);
    this.config = new HelmChartConfig(this, 'config', { name: 'traefik', values: traefikValues(props) });
  }
}

/**
 * The values of the Traefik chart 33 or later, where ACME is configured by flags.
 * @throws RangeError when a value cannot be used
 */
export function traefikValues(props: TraefikConfigProps): HelmValues {
  const { exposure, acme, storageSize = '128Mi', values = {} } = props;
  parseQuantity('storage size', storageSize);
  const own = {
    persistence: { enabled: true, size: storageSize },
    additionalArguments: [...acmeFlags(acme), ...(props.arguments ?? [])],
    ...(exposure.mode === 'hostNetwork' ? onHostNetwork(exposure.metricsPort ?? 9101) : behindLoadBalancer()),
  };
  return applyMerge(own, values) as HelmValues;
}

function acmeFlags(acme: AcmeProps): string[] {
  const { email, resolver = 'letsencrypt', storage = '/data/acme.json', challenge = 'http', server } = acme;
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new RangeError(`ACME e-mail is not an e-mail address: "${email}"`);
  }
  if (!/^[a-z0-9]+$/i.test(resolver)) {
    throw new RangeError(`ACME resolver may hold only letters and digits: "${resolver}"`);
  }
  const flag = `--certificatesresolvers.${resolver}.acme`;
  return [
    `${flag}.email=${email}`,
    `${flag}.storage=${checkAbsolutePath('ACME storage', storage)}`,
    ...challengeFlags(flag, challenge),
    ...(server === undefined ? [] : [`${flag}.caserver=${server}`]),
  ];
}

function challengeFlags(flag: string, challenge: NonNullable<AcmeProps['challenge']>): string[] {
  if (challenge === 'http') {
    return [`${flag}.httpchallenge.entrypoint=web`];
  }
  return challenge === 'tls'
    ? [`${flag}.tlschallenge=true`]
    : [`${flag}.dnschallenge=true`, `${flag}.dnschallenge.provider=${challenge.dnsProvider}`];
}

/** Ports below 1024 on the host need root and NET_BIND_SERVICE; the Service has nothing left to do. */
function onHostNetwork(metricsPort: number): HelmValues {
  return {
    hostNetwork: true,
    securityContext: {
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 0,
    },
    service: { enabled: false },
    ports: {
      metrics: { port: checkPort('metrics port', metricsPort) },
      web: { port: 80, redirectTo: { port: 'websecure' } },
      websecure: { port: 443 },
    },
  };
}

function behindLoadBalancer(): HelmValues {
  return {
    service: { spec: { externalTrafficPolicy: 'Local' } },
    ports: { web: { redirectTo: { port: 'websecure' } } },
  };
}
