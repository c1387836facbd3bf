import type { Manifest } from '../manifest.js';
import type { Claim, ClaimCheck } from './claims.js';
import { itemsAt, textAt, valueAt } from './fields.js';
import { alternativesOf } from './route-rule.js';

/** Two routes for the same requests with the same priority: which one gets them is chance. */
export const duplicateRoute: ClaimCheck = {
  rule: 'duplicate-route',
  advice: 'change the host or path, or say with a priority which one comes first',
  kinds: ['networking.k8s.io/Ingress', 'traefik.io/IngressRoute', 'traefik.io/IngressRouteTCP'],
  claimsOf: (object) => (object.kind === 'Ingress' ? claimsOfIngress(object) : claimsOfRoute(object)),
};

/** What a rule takes on some entry points; none given means all that Traefik has. */
interface Requests {
  readonly scope: string;
  readonly rule: string;
  readonly priority: number | undefined;
  readonly entryPoints: readonly string[];
  readonly field: string;
}

/** Without a priority, Traefik takes the length of the rule. */
function claimsOfRequests({ scope, rule, priority, entryPoints, field }: Requests): Claim[] {
  return alternativesOf(rule).map((alternative) => ({
    key: `${scope} ${alternative} ${priority || rule.length}`,
    what: `route ${alternative}`,
    field,
    ...(entryPoints.length > 0 && { parts: entryPoints }),
  }));
}

function claimsOfRoute(object: Manifest): Claim[] {
  const entryPoints = itemsAt(object, 'spec', 'entryPoints').map(([, name]) => String(name));
  const scope = object.kind === 'IngressRoute' ? 'http traefik' : 'tcp traefik';
  return itemsAt(object, 'spec', 'routes').flatMap(([field, route]) => {
    const rule = textAt(route, 'match');
    const priority = Number(valueAt(route, 'priority') ?? 0);
    return rule === undefined ? [] : claimsOfRequests({ scope, rule, priority, entryPoints, field: `${field}.match` });
  });
}

const ROUTER = 'traefik.ingress.kubernetes.io/router';

function claimsOfIngress(object: Manifest): Claim[] {
  const annotations = object.metadata.annotations ?? {};
  const ingressClass = textAt(object, 'spec', 'ingressClassName') ?? annotations['kubernetes.io/ingress.class'];
  const entryPoints = (annotations[`${ROUTER}.entrypoints`] ?? '').split(',').filter(Boolean);
  const priority = Number(annotations[`${ROUTER}.priority`] ?? 0);
  return itemsAt(object, 'spec', 'rules').flatMap(([ruleField, rule]) =>
    itemsAt(rule, 'http', 'paths').flatMap(([pathField, path]) =>
      claimsOfRequests({
        scope: `http ${ingressClass ?? 'traefik'}`,
        rule: ruleOfIngress(textAt(rule, 'host'), textAt(path, 'path'), textAt(path, 'pathType')),
        priority,
        entryPoints,
        field: `${ruleField}.${pathField}.path`,
      }),
    ),
  );
}

/** The rule that Traefik makes of one path of an Ingress. */
function ruleOfIngress(host = '', path = '', pathType = 'ImplementationSpecific'): string {
  const matchers = [
    ...(host === '' ? [] : [`Host(\`${host}\`)`]),
    ...(path === '' ? [] : [`${pathType === 'Exact' ? 'Path' : 'PathPrefix'}(\`${path}\`)`]),
  ];
  return matchers.length === 0 ? 'PathPrefix(`/`)' : matchers.join(' && ');
}
