import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, clusterObject, findingsOf, foundIn, object, revision, running, service } from './revision.js';

const long = (length: number) => 'a'.repeat(length);
const job = (name: string) => object('Job', name, {}, 'batch/v1');
const cronJob = (name: string) => object('CronJob', name, {}, 'batch/v1');
const data = (key: string) => object('ConfigMap', 'c', { data: { [key]: '' } });
const POD = 'spec.template.spec';

describe('app/checks/invalid-name', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['a DNS name', object('ConfigMap', 'a.b-c'), undefined],
    ['capitals', object('ConfigMap', 'Web'), 'metadata.name'],
    ['a dot at the end', object('ConfigMap', 'a.'), 'metadata.name'],
    ['two dots', object('ConfigMap', 'a..b'), 'metadata.name'],
    ['253 characters', object('ConfigMap', long(253)), undefined],
    ['254 characters', object('ConfigMap', long(254)), 'metadata.name'],
    ['a Service that begins with a digit', service('2048'), 'metadata.name'],
    ['a Service with a dot', service('a.b'), 'metadata.name'],
    ['a Service of 63 characters', service(long(63)), undefined],
    ['a Service of 64 characters', service(long(64)), 'metadata.name'],
    ['another object that begins with a digit', object('ConfigMap', '2048'), undefined],
    ['a Namespace with a dot', clusterObject('Namespace', 'a.b'), 'metadata.name'],
    ['a CronJob of 52 characters', cronJob(long(52)), undefined],
    ['a CronJob of 53 characters', cronJob(long(53)), 'metadata.name'],
    ['a Job of 64 characters', job(long(64)), 'metadata.name'],
    ['a role with a colon', object('Role', 'system:x', {}, 'rbac.authorization.k8s.io/v1'), undefined],
    ['a custom object with a colon', object('Thing', 'system:x', {}, 'example.com/v1'), 'metadata.name'],
    ['a port of a Service', service('s', { ports: [{ name: 'HTTP', port: 80 }] }), 'spec.ports[0].name'],
    ['a long port of a Service', service('s', { ports: [{ name: long(16), port: 80 }] }), undefined],
    ['a container', running('web', { name: 'my_app' }), `${POD}.containers[0].name`],
    [
      'a port of a container',
      running('web', { ports: [{ name: 'http' }, { name: long(16) }] }),
      `${POD}.containers[0].ports[1].name`,
    ],
    [
      'a port of a container without a letter',
      running('web', { ports: [{ name: '80' }] }),
      `${POD}.containers[0].ports[0].name`,
    ],
    [
      'a port of a container with two dashes',
      running('web', { ports: [{ name: 'a--b' }] }),
      `${POD}.containers[0].ports[0].name`,
    ],
    ['a volume', running('web', {}, { volumes: [{ name: 'a.b', emptyDir: {} }] }), `${POD}.volumes[0].name`],
    ['a key', data('my_app.Conf-1'), undefined],
    ['a key with a slash', data('a/b'), 'data'],
    ['a key that is the folder above', data('..'), 'data'],
    ['a key of a Secret', object('Secret', 's', { stringData: { 'a b': '' } }), 'stringData'],
  ])('%s', (_what, one, field) => {
    const { kind, metadata } = one;
    const where = metadata.namespace === undefined ? metadata.name : `home/${metadata.name}`;
    expect(foundIn('invalid-name', one)).toEqual(field === undefined ? [] : [`${kind} ${where} ${field}`]);
  });

  it('is an error that says what a name is', () => {
    expect(findingsOf('invalid-name', revision([app('a', [cronJob(long(53))])]))[0]).toMatchObject({
      severity: 'error',
      message: `"${long(53)}" is not a DNS name (a-z, 0-9, -, .; a letter or digit at both ends; at most 52 characters)`,
    });
  });
});
