import { type Fields, fieldsOf, listOf, mapAt, withoutDefaults } from './normal-fields.js';

/** A Service's specification without the API's defaults. */
export function normalizeService(spec: unknown): Fields {
  const own = withoutDefaults(fieldsOf(spec), { type: 'ClusterIP', sessionAffinity: 'None' });
  return mapAt(own, ['ports'], (ports) => listOf(ports).map(normalizePort));
}

function normalizePort(port: unknown): Fields {
  const fields = fieldsOf(port);
  return withoutDefaults(fields, { protocol: 'TCP', targetPort: fields.port });
}

/** A subset of Endpoints. */
export function normalizeSubset(subset: unknown): Fields {
  return mapAt(fieldsOf(subset), ['ports'], (ports) =>
    listOf(ports).map((port) => withoutDefaults(fieldsOf(port), { protocol: 'TCP' })),
  );
}

/** A NetworkPolicy's specification: the types follow from what is there, no connections are an empty list, and a port's protocol is TCP. */
export function normalizePolicy(spec: unknown): Fields {
  const own = fieldsOf(spec);
  const policyTypes = ['Ingress', ...(own.egress === undefined ? [] : ['Egress'])];
  const types = [...listOf(own.policyTypes ?? policyTypes)].sort();
  const connections = (list: unknown): readonly Fields[] =>
    listOf(list).map((one) =>
      mapAt(fieldsOf(one), ['ports'], (ports) =>
        listOf(ports).map((port) => withoutDefaults(fieldsOf(port), { protocol: 'TCP' })),
      ),
    );
  const none = Object.fromEntries(types.map((type) => [String(type).toLowerCase(), []]));
  return mapAt(mapAt({ ...none, ...own, policyTypes: types }, ['ingress'], connections), ['egress'], connections);
}

/** The routes of an IngressRoute: a rule is of the kind Rule, a backend of the kind Service, and both are in the namespace of their route. */
export function normalizeRoutes(object: Fields): (routes: unknown) => readonly Fields[] {
  const { namespace } = fieldsOf(object.metadata);
  const here = (kind: Fields) => (list: unknown) =>
    listOf(list).map((one) => withoutDefaults(fieldsOf(one), { namespace, ...kind }));
  return (routes) =>
    listOf(routes).map((route) => {
      const services = mapAt(
        withoutDefaults(fieldsOf(route), { kind: 'Rule' }),
        ['services'],
        here({ kind: 'Service' }),
      );
      return mapAt(services, ['middlewares'], here({}));
    });
}

/** The subjects of a RoleBinding, which are in its own namespace where they name none. */
export function normalizeSubjects(object: Fields): (subjects: unknown) => readonly Fields[] {
  const { namespace } = fieldsOf(object.metadata);
  return (subjects) => listOf(subjects).map((one) => withoutDefaults(fieldsOf(one), { namespace, apiGroup: '' }));
}

/** A Middleware's specification: redirects are not permanent. */
export function normalizeMiddleware(spec: unknown): Fields {
  const redirect = (options: unknown): Fields => withoutDefaults(fieldsOf(options), { permanent: false });
  return mapAt(mapAt(fieldsOf(spec), ['redirectScheme'], redirect), ['redirectRegex'], redirect);
}
