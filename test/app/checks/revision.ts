import { checkState } from '../../../src/app/checks/check-state.js';
import type { Finding } from '../../../src/app/checks/finding.js';
import type { InForce } from '../../../src/app/checks/in-force.js';
import type { CheckRule } from '../../../src/app/checks/rule.js';
import type { DesiredApp, DesiredState } from '../../../src/app/desired-state.js';
import { describeRef, type Manifest } from '../../../src/app/manifest.js';
import { syncPolicyOf } from '../../../src/app/sync-policy.js';

export const NAMESPACE = 'home';

/** An object in the namespace of all applications of the tests. */
export function object(kind: string, name: string, body: object = {}, apiVersion = 'v1'): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...body };
}

/** An object without a namespace. */
export function clusterObject(kind: string, name: string, body: object = {}): Manifest {
  return { apiVersion: 'v1', kind, metadata: { name }, ...body };
}

/** A Deployment whose pods have the label `app` and the given specification. */
export function deployment(name: string, podSpec: object, labels: object = { app: name }): Manifest {
  const template = { metadata: { labels }, spec: { containers: [], ...podSpec } };
  return object('Deployment', name, { spec: { selector: { matchLabels: labels }, template } }, 'apps/v1');
}

/** A Deployment with one container. */
export function running(name: string, container: object = {}, podSpec: object = {}): Manifest {
  return deployment(name, { containers: [{ name: 'main', image: 'nginx:1.29', ...container }], ...podSpec });
}

/** A Service with the given specification. */
export function service(name: string, spec: object = {}, labels?: object): Manifest {
  const written = object('Service', name, { spec });
  return labels === undefined
    ? written
    : { ...written, metadata: { ...written.metadata, labels: labels as Record<string, string> } };
}

/** A Traefik object. */
export function traefik(kind: string, name: string, spec: object): Manifest {
  return object(kind, name, { spec }, 'traefik.io/v1alpha1');
}

/** An application with these objects. */
export function app(name: string, objects: readonly Manifest[], more: Partial<DesiredApp> = {}): DesiredApp {
  return { name, namespace: NAMESPACE, sync: syncPolicyOf(), images: [], objects, ...more };
}

/** A revision with these applications. */
export function revision(apps: readonly DesiredApp[], more: Partial<DesiredState> = {}): DesiredState {
  return {
    revision: 'c1',
    apps: Object.fromEntries(apps.map((one) => [one.name, one])),
    disabled: [],
    failed: {},
    ...more,
  };
}

/** What a rule finds in a revision. */
export function findingsOf(rule: CheckRule, state: DesiredState, inForce?: InForce): Finding[] {
  return (checkState(state, inForce).findings ?? []).filter((finding) => finding.rule === rule);
}

/** Where a rule finds something in applications, such as `error: a: Service home/web spec.selector`. */
export function found(rule: CheckRule, ...apps: readonly DesiredApp[]): string[] {
  return findingsOf(rule, revision(apps)).map(placeOf);
}

/** Where a rule finds something in one application of these objects, without its name: `Service home/web spec.selector`. */
export function foundIn(rule: CheckRule, ...objects: readonly Manifest[]): string[] {
  return findingsOf(rule, revision([app('a', objects)])).map((finding) => placeOf(finding).replace(/^[a-z]+: a: /, ''));
}

function placeOf({ severity, app: name, object: ref, field }: Finding): string {
  return `${severity}: ${name}: ${ref === undefined ? '' : `${describeRef(ref)} `}${field}`;
}
