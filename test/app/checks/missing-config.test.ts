import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, findingsOf, foundIn, object, revision, running, traefik } from './revision.js';

const SECRET = object('Secret', 'keys', { stringData: { A: 'x' }, data: { B: 'eA==' } });
const CONFIG = object('ConfigMap', 'conf', { data: { 'app.conf': 'x' }, binaryData: { 'x.bin': 'eA==' } });
const POD = 'Deployment home/web spec.template.spec';
const MAIN = `${POD}.containers[0]`;

const variable = (source: object): Manifest => running('web', { env: [{ name: 'V', valueFrom: source }] });
const from = (source: object): Manifest => running('web', { envFrom: [source] });
const volume = (source: object, mount?: object): Manifest =>
  running('web', mount ? { volumeMounts: [{ name: 'v', ...mount }] } : {}, { volumes: [{ name: 'v', ...source }] });

describe('app/checks/missing-config', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['a variable of a key', variable({ secretKeyRef: { name: 'keys', key: 'A' } }), undefined],
    ['a variable of a key in data', variable({ secretKeyRef: { name: 'keys', key: 'B' } }), undefined],
    [
      'a variable of a missing key',
      variable({ secretKeyRef: { name: 'keys', key: 'C' } }),
      `${MAIN}.env[0].valueFrom.secretKeyRef`,
    ],
    [
      'a variable of a missing Secret',
      variable({ secretKeyRef: { name: 'conf', key: 'A' } }),
      `${MAIN}.env[0].valueFrom.secretKeyRef`,
    ],
    [
      'a variable of a missing ConfigMap',
      variable({ configMapKeyRef: { name: 'keys', key: 'A' } }),
      `${MAIN}.env[0].valueFrom.configMapKeyRef`,
    ],
    [
      'a variable that need not be there',
      variable({ secretKeyRef: { name: 'no', key: 'A', optional: true } }),
      undefined,
    ],
    ['a field of the pod', variable({ fieldRef: { fieldPath: 'metadata.name' } }), undefined],
    ['all keys', from({ configMapRef: { name: 'conf' } }), undefined],
    ['all keys of a missing ConfigMap', from({ configMapRef: { name: 'no' } }), `${MAIN}.envFrom[0].configMapRef`],
    ['all keys of a missing Secret', from({ secretRef: { name: 'no' } }), `${MAIN}.envFrom[0].secretRef`],
    ['all keys, if they are there', from({ secretRef: { name: 'no', optional: true } }), undefined],
    ['files', volume({ secret: { secretName: 'keys' } }), undefined],
    ['files of a missing Secret', volume({ secret: { secretName: 'no' } }), `${POD}.volumes[0].secret`],
    ['files of a missing ConfigMap', volume({ configMap: { name: 'no' } }), `${POD}.volumes[0].configMap`],
    ['some files', volume({ configMap: { name: 'conf', items: [{ key: 'x.bin', path: 'x' }] } }), undefined],
    [
      'a missing file',
      volume({ configMap: { name: 'conf', items: [{ key: 'no', path: 'x' }] } }),
      `${POD}.volumes[0].configMap.items[0].key`,
    ],
    [
      'a projected file',
      volume({ projected: { sources: [{ secret: { name: 'keys', items: [{ key: 'A', path: 'a' }] } }] } }),
      undefined,
    ],
    [
      'a missing projected file',
      volume({ projected: { sources: [{ secret: { name: 'keys', items: [{ key: 'C', path: 'a' }] } }] } }),
      `${POD}.volumes[0].projected.sources[0].secret.items[0].key`,
    ],
    ['a mounted file', volume({ configMap: { name: 'conf' } }, { subPath: 'app.conf' }), undefined],
    [
      'a mounted file that is missing',
      volume({ configMap: { name: 'conf' } }, { subPath: 'app.cnf' }),
      `${MAIN}.volumeMounts[0].subPath`,
    ],
    [
      'a mounted file that is named anew',
      volume({ configMap: { name: 'conf', items: [{ key: 'app.conf', path: 'y' }] } }, { subPath: 'y' }),
      undefined,
    ],
    ['an empty directory with a sub path', volume({ emptyDir: {} }, { subPath: 'y' }), undefined],
    ['the authority of the cluster', volume({ configMap: { name: 'kube-root-ca.crt' } }), undefined],
    [
      'a missing pull secret',
      running('web', {}, { imagePullSecrets: [{ name: 'no' }] }),
      `${POD}.imagePullSecrets[0].name`,
    ],
    [
      'a missing pull secret of a ServiceAccount',
      object('ServiceAccount', 's', { imagePullSecrets: [{ name: 'no' }] }),
      'ServiceAccount home/s imagePullSecrets[0].name',
    ],
    ['passwords of a middleware', traefik('Middleware', 'm', { basicAuth: { secret: 'keys' } }), undefined],
    [
      'missing passwords of a middleware',
      traefik('Middleware', 'm', { basicAuth: { secret: 'no' } }),
      'Middleware home/m spec.basicAuth.secret',
    ],
    [
      'missing digests of a middleware',
      traefik('Middleware', 'm', { digestAuth: { secret: 'no' } }),
      'Middleware home/m spec.digestAuth.secret',
    ],
  ])('%s', (_what, user, place) => {
    expect(foundIn('missing-config', SECRET, CONFIG, user)).toEqual(place === undefined ? [] : [place]);
  });

  it('init containers count', () => {
    const container = { name: 'i', image: 'x', envFrom: [{ secretRef: { name: 'no' } }] };
    expect(foundIn('missing-config', running('web', {}, { initContainers: [container] }))).toEqual([
      `${POD}.initContainers[0].envFrom[0].secretRef`,
    ]);
  });

  it('what is not there is said once per object', () => {
    const whole = volume({ configMap: { name: 'no' } }, { subPath: 'app.conf' });
    expect(foundIn('missing-config', whole, running('other', { envFrom: [{ configMapRef: { name: 'no' } }] }))).toEqual(
      [`${POD}.volumes[0].configMap`, 'Deployment home/other spec.template.spec.containers[0].envFrom[0].configMapRef'],
    );
  });

  it('an object of another namespace is not there', () => {
    const elsewhere = { ...SECRET, metadata: { name: 'keys', namespace: 'kube-system' } };
    expect(foundIn('missing-config', elsewhere, from({ secretRef: { name: 'keys' } }))).toHaveLength(1);
  });

  it.each([
    ['SealedSecret', 'bitnami.com/v1alpha1', {}],
    ['Certificate', 'cert-manager.io/v1', { secretName: 'made' }],
    ['ExternalSecret', 'external-secrets.io/v1', { target: { name: 'made' } }],
  ])('a Secret that a %s makes is there', (kind, apiVersion, spec) => {
    const maker = object(kind, 'made', { spec }, apiVersion);
    expect(foundIn('missing-config', maker, from({ secretRef: { name: 'made' } }))).toEqual([]);
    expect(foundIn('missing-config', maker, from({ secretRef: { name: 'other' } }))).toHaveLength(1);
  });

  it('says how to say that it is outside, and then believes it', () => {
    const web = app('web', [variable({ secretKeyRef: { name: 'redis-secret', key: 'REDIS_PASSWORD' } })]);
    const [finding] = findingsOf('missing-config', revision([web]));
    expect(finding?.severity).toBe('error');
    expect(finding?.message).toBe(
      "Secret home/redis-secret is in no application; correct the name or define it; if something else makes it, add to defineApp: outside: [{ kind: 'Secret', namespace: 'home', name: 'redis-secret' }]",
    );
    const outside = [{ kind: 'Secret', name: 'redis-secret' } as const];
    expect(findingsOf('missing-config', revision([{ ...web, outside }]))).toEqual([]);
    expect(findingsOf('missing-config', revision([web, app('other', [], { outside })]))).toEqual([]);
  });

  it('keys that are said to be outside are all that there are', () => {
    const outside = [{ kind: 'Secret', name: 'redis-secret', keys: ['PASSWORD'] } as const];
    const web = app('web', [variable({ secretKeyRef: { name: 'redis-secret', key: 'REDIS_PASSWORD' } })], { outside });
    expect(findingsOf('missing-config', revision([web]))[0]?.message).toBe(
      'Secret home/redis-secret has no key "REDIS_PASSWORD"; there are: PASSWORD',
    );
  });
});
