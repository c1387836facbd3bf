import type { Manifest } from '../manifest.js';
import type { Check } from './check.js';
import { itemsAt, textAt } from './fields.js';
import { findMissing } from './missing.js';
import type { Target } from './program.js';

/** A route or chain with a Middleware or TLSOption that is nowhere: Traefik would not serve it. */
export const missingMiddleware: Check = {
  rule: 'missing-middleware',
  severity: 'error',
  find: (program) =>
    KINDS.flatMap((kind) => program.ofKind(kind)).flatMap(({ app, object, kind }) =>
      referencesOf(kind, object).flatMap(({ field, target }) => findMissing(program, { app, object, field, target })),
    ),
};

interface Reference {
  readonly field: string;
  readonly target: Target;
}

const KINDS = ['traefik.io/IngressRoute', 'traefik.io/IngressRouteTCP', 'traefik.io/Middleware'];

function referencesOf(kind: string, object: Manifest): Reference[] {
  if (kind === 'traefik.io/Middleware') {
    return itemsAt(object, 'spec', 'chain', 'middlewares').flatMap(([field, entry]) =>
      referenceTo(kind, field, entry, object),
    );
  }
  const middleware = kind === 'traefik.io/IngressRouteTCP' ? 'MiddlewareTCP' : 'Middleware';
  return [...ofRoutes(object, middleware), ...ofTlsOption(object)];
}

function ofRoutes(object: Manifest, kind: string): Reference[] {
  return itemsAt(object, 'spec', 'routes').flatMap(([routeField, route]) =>
    itemsAt(route, 'middlewares').flatMap(([field, entry]) =>
      referenceTo(`traefik.io/${kind}`, `${routeField}.${field}`, entry, object),
    ),
  );
}

/** Traefik has an option `default` whether there is an object for it or not. */
function ofTlsOption(object: Manifest): Reference[] {
  const name = textAt(object, 'spec', 'tls', 'options', 'name') ?? 'default';
  const namespace = textAt(object, 'spec', 'tls', 'options', 'namespace');
  return name === 'default' ? [] : referenceTo('traefik.io/TLSOption', 'spec.tls.options', { name, namespace }, object);
}

/** Names with `@` are of another provider than Kubernetes, such as `compress@file`. */
function referenceTo(kind: string, field: string, entry: unknown, { metadata }: Manifest): Reference[] {
  const name = textAt(entry, 'name');
  const namespace = textAt(entry, 'namespace') ?? metadata.namespace ?? '';
  return name === undefined || name.includes('@')
    ? []
    : [{ field: `${field}.name`, target: { kind, namespace, name } }];
}
