import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCode } from '../../src/migration/code.js';
import { parseManifests } from '../../src/migration/parse-manifests.js';
import type { Piece } from '../../src/migration/piece.js';
import { PROPOSERS } from '../../src/migration/recognize.js';
import { SecretNames } from '../../src/migration/secret-names.js';

const HOMELAB = join(import.meta.dirname, '../fixtures/import/homelab');

function propose(text: string, level: number, namespace = 'homelab'): Piece[] {
  const { objects } = parseManifests(text, 'web.yaml');
  return PROPOSERS[level]?.(objects, { namespace, secrets: new SecretNames(objects) }) ?? [];
}

const [GROUPS, SMALL, SINGLES] = [0, 1, 2] as const;
const read = (file: string): string => readFileSync(join(HOMELAB, file), 'utf8');
const shape = (pieces: readonly Piece[]): string[] =>
  pieces.map(({ construct, objects }) => `${construct}: ${objects.map(({ manifest }) => manifest.kind).join(', ')}`);

const workload = (kind: string, spec: string): string =>
  `{apiVersion: ${kind === 'CronJob' ? 'batch' : 'apps'}/v1, kind: ${kind}, metadata: {name: web}, spec: ${spec}}`;

describe('migration/recognize', () => {
  it('takes what belongs to a web application together', () => {
    expect(shape(propose(read('news/news.yaml'), GROUPS))).toEqual([
      'WebApp: Deployment, Service, ServiceMonitor, IngressRoute',
    ]);
    expect(shape(propose(read('news/news.yaml'), SMALL))).toEqual(['WebApp: Deployment, Service']);
  });

  it('takes a Deployment that owns a local volume for a database', () => {
    expect(shape(propose(read('data/mysql.yaml'), GROUPS))).toEqual([
      'Database: PersistentVolume, PersistentVolumeClaim, Deployment, Service',
    ]);
  });

  it('takes a Service and its Endpoints together', () => {
    expect(shape(propose(read('data/redis-external.yaml'), GROUPS))).toEqual(['ExternalService: Service, Endpoints']);
  });

  it('takes workloads whose pods have other labels, and containers of other names, together too', () => {
    expect(shape(propose(read('../labels/web.yaml'), GROUPS, 'gallery'))).toEqual([
      'WebApp: Deployment, Service, ServiceMonitor',
    ]);
  });

  it('leaves a Service that finds other pods than the workload of its name apart', () => {
    const text = read('../labels/web.yaml').replace('  selector: *labels', '  selector: {tier: other}');
    expect(shape(propose(text, GROUPS, 'gallery'))).toEqual([]);
  });

  it('proposes nothing for objects of another namespace', () => {
    expect(propose('{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}', SINGLES)).toEqual([]);
  });

  it.each([
    [
      'Worker',
      workload(
        'Deployment',
        '{selector: {matchLabels: {app: web}}, template: {spec: {containers: [{name: web, image: a}]}}}',
      ),
    ],
    [
      'Worker',
      workload(
        'Deployment',
        '{selector: {matchLabels: {app.kubernetes.io/name: web}}, template: {spec: {containers: [{name: other, image: a}]}}}',
      ),
    ],
    [
      'StatefulSet',
      workload(
        'StatefulSet',
        '{selector: {matchLabels: {app: web}}, template: {spec: {containers: [{name: web, image: a}]}}}',
      ),
    ],
    [
      'DaemonSet',
      workload(
        'DaemonSet',
        '{selector: {matchLabels: {app: web}}, template: {spec: {containers: [{name: web, image: a}]}}}',
      ),
    ],
    [
      'CronJob',
      workload(
        'CronJob',
        '{schedule: "0 1 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: web, image: a}]}}}}}',
      ),
    ],
    ['HelmChart', '{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: web}, spec: {chart: x}}'],
    [
      'HelmChartConfig',
      '{apiVersion: helm.cattle.io/v1, kind: HelmChartConfig, metadata: {name: web}, spec: {valuesContent: "a: 1"}}',
    ],
    [
      'BasicAuth',
      '{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: web}, spec: {basicAuth: {secret: s}}}',
    ],
    [
      'RateLimit',
      '{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: web}, spec: {rateLimit: {average: 5}}}',
    ],
    [
      'IngressRoute',
      '{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: web}, spec: {routes: [{match: "Host(`a.b`)", services: [{name: web, port: 80}]}]}}',
    ],
    ['ExternalName', '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {externalName: example.com}}'],
    ['Namespace', '{apiVersion: v1, kind: Namespace, metadata: {name: web}}'],
    ['ClusterRole', '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: web}, rules: []}'],
    ['PriorityClass', '{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: web}, value: 1}'],
  ])('proposes a %s', (construct, text) => {
    expect(propose(text, SINGLES).map((piece) => piece.construct)).toEqual([construct]);
  });

  it.each([
    [
      'pods without containers',
      workload(
        'Deployment',
        '{selector: {matchLabels: {app.kubernetes.io/name: web}}, template: {spec: {containers: []}}}',
      ),
    ],
    [
      'a route by something else than its host',
      '{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: web}, spec: {routes: [{match: "ClientIP(`10.0.0.0/8`)"}]}}',
    ],
    [
      'a Service that finds no pods',
      '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}',
    ],
    ['another kind', '{apiVersion: example.com/v1, kind: Service, metadata: {name: web}}'],
  ])('proposes nothing for %s', (_what, text) => {
    expect(propose(text, SINGLES)).toEqual([]);
  });

  it('puts long texts of a ConfigMap into files, but none that git might change', () => {
    const [piece] = propose(
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a.conf: "1\\n2\\n3\\n4\\n", b: "1\\r\\n2\\n3\\n4\\n", c: short}}',
      SINGLES,
    );
    expect(piece?.files).toEqual([{ path: 'files/c/a.conf', text: '1\n2\n3\n4\n' }]);
    expect(renderCode(piece?.props)).toContain('{ "a.conf": new URL("./files/c/a.conf", import.meta.url) }');
  });

  it('leaves a Secret with bytes to the plain form', () => {
    expect(propose('{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: "/v8="}}', SINGLES)).toEqual([]);
  });
});
