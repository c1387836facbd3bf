import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { matchProps } from './route-match.js';
import {
  at,
  filled,
  flagOf,
  metadataProps,
  numberOf,
  numberOrText,
  someOf,
  textOf,
  unless,
  wholeOf,
} from './values.js';
import { pieceOf } from './workloads.js';

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
    entryPoints:
      entryPoints.length === 1 && entryPoints[0] === 'websecure' ? undefined : (wholeOf(entryPoints) ?? null),
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

function ruleOf(route: unknown): Record<string, CodeValue> | undefined {
  const match = matchProps(textOf(at(route, 'match')) ?? '');
  if (match === undefined) {
    return undefined;
  }
  const backends = listOf(at(route, 'services')).map((service) => {
    const { name, namespace, kind, port, weight, scheme, passHostHeader, serversTransport, sticky, nativeLB } =
      fieldsOf(service);
    return {
      name: textOf(name),
      namespace: textOf(namespace),
      kind: unless('Service', kind),
      port: numberOrText(port),
      weight: numberOf(weight),
      scheme: textOf(scheme),
      passHostHeader: flagOf(passHostHeader),
      serversTransport: textOf(serversTransport),
      stickyCookie: at(sticky, 'cookie') as CodeValue,
      nativeLb: flagOf(nativeLB),
    };
  });
  return {
    ...match,
    backend: backends.length === 1 ? backends[0] : backends,
    middlewares: filled(listOf(at(route, 'middlewares')).map(referenceOf)),
    priority: numberOf(at(route, 'priority')),
  };
}

function referenceOf(reference: unknown): CodeValue {
  const { name, namespace } = fieldsOf(reference);
  return namespace === undefined ? textOf(name) : { name: textOf(name), namespace: textOf(namespace) };
}

function tlsOf(tls: unknown): CodeValue {
  if (tls === undefined) {
    return 'none';
  }
  const domains = listOf(at(tls, 'domains')).map((one) => ({
    main: textOf(at(one, 'main')),
    sans: wholeOf(at(one, 'sans')),
  }));
  return someOf({
    certificate: certificateOf(tls),
    domains: filled(domains),
    options: at(tls, 'options') === undefined ? undefined : referenceOf(at(tls, 'options')),
  });
}

function certificateOf(tls: unknown): CodeValue {
  const resolver = textOf(at(tls, 'certResolver'));
  if (resolver !== undefined) {
    return resolver === 'letsencrypt' ? undefined : { resolver };
  }
  const secret = textOf(at(tls, 'secretName'));
  return secret === undefined ? 'default' : { secret };
}
