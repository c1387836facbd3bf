import { canonicalJson } from '../../app/canonical-json.js';
import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { recognizeClaim, recognizeVolume } from './configuration.js';
import { portNumberOf } from './container.js';
import { metricsOf } from './monitoring.js';
import { routeProps } from './routes.js';
import { serviceProps } from './services.js';
import { appOf, at, metadataProps, numberOf, someOf, textOf, unless } from './values.js';
import { deploymentProps, isWorkload, podOf } from './workloads.js';

/** Which objects a group may take beside its Deployment and Service. */
export type Extent = 'full' | 'small';

/** The objects by kind, in which a group looks for its parts. */
class Parts {
  readonly #objects: readonly SourceObject[];

  constructor(objects: readonly SourceObject[]) {
    this.#objects = objects;
  }

  of(kind: string): readonly SourceObject[] {
    return this.#objects.filter(({ manifest }) => manifest.kind === kind);
  }

  named(kind: string, name: string | undefined): SourceObject | undefined {
    return this.of(kind).find(({ manifest }) => manifest.metadata.name === name);
  }
}

/** A Deployment with the Service of its name, and what else belongs to it: a WebApp, or a Database where it owns a local volume. */
export function recognizeGroups(objects: readonly SourceObject[], extent: Extent): Piece[] {
  const parts = new Parts(objects);
  return parts.of('Deployment').flatMap((deployment) => {
    const service = parts.named('Service', deployment.manifest.metadata.name);
    if (service === undefined || !isWorkload(deployment.manifest)) {
      return [];
    }
    const database = extent === 'full' ? databaseOf(deployment, service, parts) : undefined;
    const piece = database ?? webAppOf(deployment, service, extent === 'full' ? parts : new Parts([]));
    return piece === undefined ? [] : [piece];
  });
}

/** Service options as a workload's construct takes them: its name and port are the workload's. */
function serviceOptions(service: SourceObject, port: number): CodeValue {
  const { name: _, app: __, port: servicePort, targetPort, ...options } = serviceProps(service.manifest) ?? {};
  if (servicePort === port) {
    return someOf({ targetPort, ...options });
  }
  const isMain = targetPort === port;
  return someOf({ port: servicePort, targetPort: isMain ? undefined : (targetPort ?? servicePort), ...options });
}

/** Whether a Service finds exactly the pods that a workload's own Service would. */
function isOwnService(service: SourceObject, deployment: SourceObject): boolean {
  const labels = appOf(at(deployment.manifest, 'spec', 'selector', 'matchLabels'));
  return canonicalJson(appOf(at(service.manifest, 'spec', 'selector'))) === canonicalJson(labels);
}

function webAppOf(deployment: SourceObject, service: SourceObject, parts: Parts): Piece | undefined {
  const { name } = deployment.manifest.metadata;
  const { props, uses } = deploymentProps(deployment.manifest);
  const port = portNumberOf(props.port);
  if (port === undefined || !isOwnService(service, deployment)) {
    return undefined;
  }
  const monitor = parts.named('ServiceMonitor', name);
  const routes = parts.of('IngressRoute').filter(({ manifest }) => isRouteTo(manifest, name));
  const whole = { ...props, service: serviceOptions(service, port) };
  const extras = {
    metrics: monitor && metricsProps(monitor, service),
    route: routes.length === 0 ? undefined : oneOrMany(routes.map((route) => webAppRoute(route, service))),
  };
  return {
    construct: 'WebApp',
    name,
    props: { ...whole, ...(monitor === undefined ? {} : { service: scraped(whole.service, deployment) }), ...extras },
    uses,
    objects: [deployment, service, ...(monitor === undefined ? [] : [monitor]), ...routes],
    files: [],
  };
}

function metricsProps({ manifest }: SourceObject, service: SourceObject): CodeValue {
  const [endpoint] = listOf(at(manifest, 'spec', 'endpoints'));
  const mainPort = textOf(serviceProps(service.manifest)?.portName);
  const portName = unless(mainPort, at(endpoint, 'port'));
  return someOf({ portName, ...metricsOf(endpoint), ...metadataProps(manifest) }) ?? {};
}

/** Scraping brings the labels of the pods and the port name `http` by itself. */
function scraped(service: CodeValue, deployment: SourceObject): CodeValue {
  const { labels, portName, ...rest } = fieldsOf(service) as Record<string, CodeValue>;
  const selector = fieldsOf(at(deployment.manifest, 'spec', 'selector', 'matchLabels'));
  const others = Object.fromEntries(
    Object.entries(fieldsOf(labels) as Record<string, CodeValue>).filter(([key]) => !Object.hasOwn(selector, key)),
  );
  return someOf({ ...rest, labels: someOf(others), portName: portName === 'http' ? undefined : portName });
}

function isRouteTo(manifest: unknown, name: string): boolean {
  const routes = listOf(at(manifest, 'spec', 'routes'));
  const services = routes.flatMap((route) => listOf(at(route, 'services')));
  return (
    routes.length === 1 &&
    services.length === 1 &&
    at(services[0], 'name') === name &&
    routeProps(manifest) !== undefined
  );
}

function webAppRoute(route: SourceObject, { manifest }: SourceObject): CodeValue {
  const { name, rules, ...options } = routeProps(route.manifest) ?? {};
  const [rule] = listOf(rules);
  const { backend, ...match } = fieldsOf(rule) as Record<string, CodeValue>;
  const { name: app, port, ...others } = fieldsOf(backend) as Record<string, CodeValue>;
  const service = someOf({ port: unless(serviceProps(manifest)?.port, port), ...others });
  return { name: name === app ? undefined : name, ...match, service, ...options };
}

function oneOrMany(values: readonly CodeValue[]): CodeValue {
  return values.length === 1 ? values[0] : values;
}

function databaseOf(deployment: SourceObject, service: SourceObject, parts: Parts): Piece | undefined {
  const { name } = deployment.manifest.metadata;
  const pod = podOf(deployment.manifest);
  const volume = listOf(at(pod, 'volumes')).find((one) => at(one, 'persistentVolumeClaim') !== undefined);
  const claim = parts.named('PersistentVolumeClaim', textOf(at(volume, 'persistentVolumeClaim', 'claimName')));
  const claimed = claim && fieldsOf(recognizeClaim(claim)?.props);
  const [container] = listOf(at(pod, 'containers'));
  const mounts = listOf(at(container, 'volumeMounts'));
  if (claim === undefined || claimed?.volume === undefined || at(mounts[0], 'name') !== at(volume, 'name')) {
    return undefined;
  }
  const { props, uses } = deploymentProps(deployment.manifest);
  const { strategy, mounts: rendered, ...rest } = props;
  const port = portNumberOf(props.port);
  const isOnPort = port !== undefined && serviceProps(service.manifest)?.port === port;
  if (strategy !== 'Recreate' || !isOnPort || !isOwnService(service, deployment)) {
    return undefined;
  }
  const localVolume = parts.named('PersistentVolume', textOf(claimed.volume));
  const local = fieldsOf(localVolume && recognizeVolume(localVolume)?.props);
  const { size, ...localWithoutSize } = local as Record<string, CodeValue>;
  const isOwn = size !== undefined && size === claimed.size;
  const storage = {
    size: textOf(claimed.size),
    volume: isOwn ? localWithoutSize : textOf(claimed.volume),
    claim: textOf(claimed.name),
    neverPrune: claimed.neverPrune === true ? true : undefined,
    mountName: at(volume, 'name') === `${name}-data` ? undefined : textOf(at(volume, 'name')),
    mountPath: textOf(at(mounts[0], 'mountPath')),
    subPath: textOf(at(mounts[0], 'subPath')),
  };
  const others = (rendered as readonly CodeValue[]).slice(1);
  return {
    construct: 'Database',
    name,
    props: {
      ...rest,
      mounts: others.length === 0 ? undefined : others,
      storage,
      service: serviceOptions(service, port),
    },
    uses: others.length === 0 ? uses.filter((one) => one !== 'Volume') : uses,
    objects: [...(isOwn && localVolume !== undefined ? [localVolume] : []), claim, deployment, service],
    files: [],
  };
}

/** A Service without a selector, and the Endpoints that it leads to. */
export function recognizeExternalServices(objects: readonly SourceObject[]): Piece[] {
  const parts = new Parts(objects);
  return parts.of('Endpoints').flatMap((endpoints) => {
    const { name } = endpoints.manifest.metadata;
    const service = parts.named('Service', name);
    const [subset] = listOf(endpoints.manifest.subsets);
    const [address] = listOf(at(subset, 'addresses'));
    const [target] = listOf(at(subset, 'ports'));
    const [port] = listOf(at(service?.manifest, 'spec', 'ports'));
    if (service === undefined) {
      return [];
    }
    const targetPort = numberOf(at(target, 'port'));
    const props = {
      name,
      port: numberOf(at(port, 'port')),
      address: textOf(at(address, 'ip')),
      portName: textOf(at(port, 'name')),
      ...metadataProps(endpoints.manifest),
      targetPort: targetPort === at(port, 'port') ? undefined : targetPort,
    };
    return [{ construct: 'ExternalService', name, props, uses: [], objects: [service, endpoints], files: [] }];
  });
}
