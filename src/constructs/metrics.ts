import type {
  ServiceMonitorSpecEndpoints,
  ServiceMonitorSpecNamespaceSelector,
} from '../imports/monitoring.coreos.com.js';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkDuration } from './validation.js';

/** The key of a Secret. */
export interface SecretKey {
  readonly secret: NameOrConstruct;
  readonly key: string;
}

/** A step that changes the labels of what is scraped. @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
export interface Relabeling {
  /** Such as `replace`, `keep`, `drop`, `labeldrop`. @default - Prometheus's: replace */
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
}

/** How Prometheus scrapes an application. */
export interface MetricsProps {
  /** `null` leaves the field out. @default /metrics */
  readonly path?: string | null;
  /** `null` leaves it to Prometheus. @default 30s */
  readonly interval?: string | null;
  /** @default - Prometheus's: 10s */
  readonly scrapeTimeout?: string;
  /** @default - Prometheus's: http */
  readonly scheme?: 'http' | 'https';
  /** Parameters of the request. @default - none */
  readonly params?: Readonly<Record<string, readonly string[]>>;
  /** Whether labels of the application win over those of the target. @default - Prometheus's: false */
  readonly honorLabels?: boolean;
  /** Changes before the scrape. @default - none */
  readonly relabelings?: readonly Relabeling[];
  /** Changes of what was scraped. @default - none */
  readonly metricRelabelings?: readonly Relabeling[];
  /** Takes every certificate. @default - Prometheus's: false */
  readonly insecureSkipVerify?: boolean;
  /** @default - no login */
  readonly basicAuth?: { readonly username: SecretKey; readonly password: SecretKey };
  /** Sent as `Authorization: Bearer`. @default - no such header */
  readonly bearer?: SecretKey;
}

/** Where, how and how often Prometheus asks: the fields that endpoints of monitors have in common. */
export function renderScrape(props: MetricsProps): Omit<ServiceMonitorSpecEndpoints, 'port' | 'targetPort'> {
  const { path = '/metrics', interval = '30s', scrapeTimeout, scheme, params, honorLabels, basicAuth, bearer } = props;
  if (path?.startsWith('/') === false) {
    throw new RangeError(`metrics path does not start with "/": "${path}"`);
  }
  return defined({
    path: path ?? undefined,
    interval: interval === null ? undefined : checkDuration('metrics interval', interval),
    scrapeTimeout: scrapeTimeout === undefined ? undefined : checkDuration('scrape timeout', scrapeTimeout),
    scheme,
    params: params && Object.fromEntries(Object.entries(params).map(([key, texts]) => [key, [...texts]])),
    honorLabels,
    relabelings: props.relabelings?.map(renderRelabeling),
    metricRelabelings: props.metricRelabelings?.map(renderRelabeling),
    tlsConfig: props.insecureSkipVerify === undefined ? undefined : { insecureSkipVerify: props.insecureSkipVerify },
    basicAuth: basicAuth && { username: keyOf(basicAuth.username), password: keyOf(basicAuth.password) },
    authorization: bearer && { credentials: keyOf(bearer) },
  });
}

/** The namespaces in which a monitor looks. */
export function renderNamespaces(namespaces: readonly string[] | 'any'): ServiceMonitorSpecNamespaceSelector {
  return namespaces === 'any' ? { any: true } : { matchNames: [...namespaces] };
}

function renderRelabeling({ sourceLabels, ...rest }: Relabeling) {
  return { ...rest, ...(sourceLabels === undefined ? {} : { sourceLabels: [...sourceLabels] }) };
}

function keyOf({ secret, key }: SecretKey): { readonly name: string; readonly key: string } {
  return { name: nameOf(secret), key };
}
