import type { Manifest } from '../manifest.js';
import type { Check, Mistake } from './check.js';
import { itemsAt, textAt, valueAt } from './fields.js';
import { findMissing } from './missing.js';
import type { Program, Subject } from './program.js';

/** A route to a Service that is nowhere, or to a port that the Service does not have. */
export const missingBackend: Check = {
  rule: 'missing-backend',
  severity: 'error',
  find: (program) =>
    ROUTE_KINDS.flatMap((kind) => program.ofKind(kind)).flatMap((subject) =>
      backendsOf(subject).flatMap((backend) => judge(program, subject, backend)),
    ),
};

const ROUTE_KINDS = [
  'networking.k8s.io/Ingress',
  'traefik.io/IngressRoute',
  'traefik.io/IngressRouteTCP',
  'traefik.io/IngressRouteUDP',
];

interface Backend {
  readonly field: string;
  readonly portField: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** A number or a name. @default - none is asked for */
  readonly port: string | undefined;
}

function backendsOf({ kind, object }: Subject): Backend[] {
  return kind === 'networking.k8s.io/Ingress' ? backendsOfIngress(object) : backendsOfRoute(object);
}

/** Names with `@` are of another provider than Kubernetes, such as `api@internal`. */
function backendsOfRoute({ spec, metadata }: Manifest): Backend[] {
  return itemsAt(spec, 'routes').flatMap(([routeField, route]) =>
    itemsAt(route, 'services').flatMap(([serviceField, service]) => {
      const name = textAt(service, 'name') ?? '';
      const field = `spec.${routeField}.${serviceField}`;
      const kind = textAt(service, 'kind') === 'TraefikService' ? 'traefik.io/TraefikService' : 'core/Service';
      const namespace = textAt(service, 'namespace') ?? metadata.namespace;
      const port = portText(valueAt(service, 'port'));
      return name.includes('@')
        ? []
        : [{ field: `${field}.name`, portField: `${field}.port`, kind, name, namespace, port }];
    }),
  );
}

function backendsOfIngress({ spec, metadata }: Manifest): Backend[] {
  const paths = itemsAt(spec, 'rules').flatMap(([ruleField, rule]) =>
    itemsAt(rule, 'http', 'paths').map(
      ([pathField, path]) => [`spec.${ruleField}.${pathField}.backend`, valueAt(path, 'backend')] as const,
    ),
  );
  return [...paths, ['spec.defaultBackend', valueAt(spec, 'defaultBackend')] as const].flatMap(([field, backend]) => {
    const name = textAt(backend, 'service', 'name');
    const port = portText(valueAt(backend, 'service', 'port', 'number') ?? valueAt(backend, 'service', 'port', 'name'));
    const { namespace } = metadata;
    const service = `${field}.service`;
    return name === undefined
      ? []
      : [{ field: `${service}.name`, portField: `${service}.port`, kind: 'core/Service', name, namespace, port }];
  });
}

function judge(program: Program, { app, object }: Subject, backend: Backend): Mistake[] {
  const { kind, name, namespace = '', field, portField, port } = backend;
  const target = { kind, namespace, name };
  const presence = program.look(target);
  if (presence.is !== 'defined') {
    return findMissing(program, { app, object, field, target });
  }
  const hasPorts = kind === 'core/Service' && textAt(presence.object, 'spec', 'type') !== 'ExternalName';
  const offered = itemsAt(presence.object, 'spec', 'ports')
    .flatMap(([, entry]) => [portText(valueAt(entry, 'port')) ?? [], textAt(entry, 'name') ?? []])
    .flat();
  if (!hasPorts || port === undefined || offered.includes(port)) {
    return [];
  }
  const message = `Service ${namespace}/${name} has no port ${port}; there are: ${offered.join(', ') || 'none'}`;
  return [{ app, object, field: portField, message }];
}

function portText(port: unknown): string | undefined {
  return typeof port === 'string' || typeof port === 'number' ? String(port) : undefined;
}
