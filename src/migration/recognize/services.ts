import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { at, filled, metadataProps, numberOf, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** The properties of a Service in front of pods with a label `app`; undefined for others. */
export function serviceProps(manifest: unknown): Readonly<Record<string, CodeValue>> | undefined {
  const spec = fieldsOf(at(manifest, 'spec'));
  const app = textOf(at(spec, 'selector', 'app'));
  const name = textOf(at(manifest, 'metadata', 'name'));
  const [main, ...more] = listOf(spec.ports).map(portOf);
  if (app === undefined || main === undefined) {
    return undefined;
  }
  const { name: portName, protocol: _, ...port } = main;
  return {
    name,
    ...port,
    portName,
    app: app === name ? undefined : app,
    loadBalancer: spec.type === 'LoadBalancer' ? true : undefined,
    headless: spec.clusterIP === 'None' ? true : undefined,
    externalTrafficPolicy: textOf(spec.externalTrafficPolicy),
    morePorts: filled(more),
    ...metadataProps(manifest),
  };
}

/** A Service. */
export function recognizeService(object: SourceObject): Piece | undefined {
  const props = serviceProps(object.manifest);
  return props && pieceOf('Service', object, { props, uses: [] });
}

function portOf(port: unknown): Record<string, CodeValue> {
  const { name, port: number, targetPort, protocol, nodePort } = fieldsOf(port);
  return {
    name: textOf(name),
    port: numberOf(number),
    targetPort: targetPort === number ? undefined : numberOf(targetPort),
    protocol: protocol === 'TCP' ? undefined : textOf(protocol),
    nodePort: numberOf(nodePort),
  };
}

/** The rules and TLS of an IngressRoute; undefined where a rule is not by host. */
export function routeProps(manifest: unknown): Readonly<Record<string, CodeValue>> | undefined {
  const spec = fieldsOf(at(manifest, 'spec'));
  const rules = listOf(spec.routes).map(ruleOf);
  const entryPoints = listOf(spec.entryPoints);
  if (rules.length === 0 || rules.includes(undefined)) {
    return undefined;
  }
  return {
    name: textOf(at(manifest, 'metadata', 'name')),
    entryPoints: entryPoints.length === 1 && entryPoints[0] === 'websecure' ? undefined : wholeOf(entryPoints),
    rules,
    tls: tlsOf(spec.tls),
    ...metadataProps(manifest),
  };
}

/** An IngressRoute. */
export function recognizeRoute(object: SourceObject): Piece | undefined {
  const props = routeProps(object.manifest);
  return props && pieceOf('IngressRoute', object, { props, uses: [] });
}

const SIMPLE_MATCH = /^Host\(`(?<host>[^`]+)`\)(?: && PathPrefix\(`(?<prefix>[^`]+)`\))?$/;

function ruleOf(route: unknown): Record<string, CodeValue> | undefined {
  const match = SIMPLE_MATCH.exec(textOf(at(route, 'match')) ?? '')?.groups;
  if (match === undefined) {
    return undefined;
  }
  const backends = listOf(at(route, 'services')).map((service) => {
    const { name, port, weight, scheme } = fieldsOf(service);
    return { name: textOf(name), port: numberOf(port), weight: numberOf(weight), scheme: textOf(scheme) };
  });
  return {
    host: match.host,
    pathPrefix: match.prefix,
    backend: backends.length === 1 ? backends[0] : backends,
    middlewares: filled(listOf(at(route, 'middlewares')).map((middleware) => String(at(middleware, 'name')))),
    priority: numberOf(at(route, 'priority')),
  };
}

function tlsOf(tls: unknown): CodeValue {
  if (tls === undefined) {
    return 'none';
  }
  const resolver = textOf(at(tls, 'certResolver'));
  const secret = textOf(at(tls, 'secretName'));
  if (resolver === 'letsencrypt') {
    return undefined;
  }
  if (resolver !== undefined) {
    return { certificate: { resolver } };
  }
  return { certificate: secret === undefined ? 'default' : { secret } };
}
