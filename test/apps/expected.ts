import type { DesiredApp } from '../../src/app/desired-state.js';

/** Metadata of an object in namespace prodesk. */
export const meta = (name: string, more: object = {}) => ({ name, namespace: 'prodesk', ...more });
/** Kind and name of each object, sorted. */
export const namesOf = (app: DesiredApp): string[] =>
  app.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();

/** A Deployment by the cluster's defaults: one replica, label `app`, one container of the same name. */
export function deployment(name: string, container: object, pod: object = {}, spec: object = {}): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(name),
    spec: {
      replicas: 1,
      ...spec,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { ...pod, containers: [{ name, ...container }] } },
    },
  };
}

/** A NodePort Service by the cluster's defaults. */
export const nodePortService = (name: string, port: number, nodePort: number): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec: { type: 'NodePort', selector: { app: name }, ports: [{ port, targetPort: port, nodePort }] },
});

/** The policy that the cluster calls auto. */
export const AUTO = { automated: true, prune: true, selfHeal: true, createNamespace: true };
