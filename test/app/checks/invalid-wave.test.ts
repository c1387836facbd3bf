import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, findingsOf, foundIn, object, revision, running } from './revision.js';

const inWave = (wave: string, one: Manifest): Manifest => ({
  ...one,
  metadata: { ...one.metadata, annotations: { 'prodesk.dev/wave': wave } },
});
const SECRET = object('Secret', 'db', { stringData: { a: 'b' } });
const READER = running('web', { envFrom: [{ secretRef: { name: 'db' } }] });
const FIELD = 'spec.template.spec.containers[0].envFrom[0].secretRef';

function job(name: string, hook: string): Manifest {
  const container = { name: 'main', image: 'a:1', envFrom: [{ secretRef: { name: 'db' } }] };
  const spec = { activeDeadlineSeconds: 9, template: { spec: { restartPolicy: 'Never', containers: [container] } } };
  const written = object('Job', name, { spec }, 'batch/v1');
  return { ...written, metadata: { ...written.metadata, annotations: { 'prodesk.dev/hook': hook } } };
}

describe('app/checks/invalid-wave', () => {
  it.each(['1', '-1', '0'])('%s is a wave', (wave) => {
    expect(foundIn('invalid-wave', inWave(wave, SECRET))).toEqual([]);
  });

  it.each(['', 'first', '1.5', '1e3', '10000000'])('%j is none', (wave) => {
    expect(foundIn('invalid-wave', inWave(wave, SECRET))).toEqual([
      "Secret home/db metadata.annotations['prodesk.dev/wave']",
    ]);
  });

  it.each<[string, readonly Manifest[], readonly string[]]>([
    ['pods that read what is applied with them', [SECRET, READER], []],
    ['pods that read what came before', [inWave('-1', SECRET), READER], []],
    ['pods that read what comes later', [inWave('1', SECRET), READER], [`Deployment home/web ${FIELD}`]],
    ['a pre-sync hook that reads what comes later', [SECRET, job('j', 'pre-sync')], [`Job home/j ${FIELD}`]],
    ['a sync hook that reads what is applied with it', [SECRET, job('j', 'sync')], []],
    ['a post-sync hook', [inWave('1', SECRET), job('j', 'post-sync')], []],
    [
      'a claim and an account count too',
      [
        inWave('1', object('PersistentVolumeClaim', 'c')),
        inWave('1', object('ServiceAccount', 'a')),
        running(
          'web',
          {},
          {
            serviceAccountName: 'a',
            volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
          },
        ),
      ],
      [
        'Deployment home/web spec.template.spec.serviceAccountName',
        'Deployment home/web spec.template.spec.volumes[0].persistentVolumeClaim.claimName',
      ],
    ],
  ])('%s', (_what, objects, expected) => {
    expect(foundIn('invalid-wave', ...objects)).toEqual(expected);
  });

  it('what another application has is none of its waves', () => {
    const state = revision([app('a', [inWave('1', SECRET)]), app('b', [inWave('-1', READER)])]);
    expect(findingsOf('invalid-wave', state)).toEqual([]);
  });

  it('says what to do', () => {
    const [finding] = findingsOf('invalid-wave', revision([app('a', [SECRET, job('j', 'pre-sync')])]));
    expect(finding?.message).toBe(
      'Secret db is applied only after the pre-sync hook that needs it; make it a sync hook, and put what it reads in an earlier wave',
    );
  });
});
