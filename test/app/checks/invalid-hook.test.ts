import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { foundIn, object } from './revision.js';

const ANNOTATION = "metadata.annotations['prodesk.dev/hook']";

function hook(phase: string, spec: object = {}, annotations: object = {}, name = 'j', kind = 'Job'): Manifest {
  const job = object(kind, name, { spec: { activeDeadlineSeconds: 60, ...spec } }, 'batch/v1');
  return { ...job, metadata: { ...job.metadata, annotations: { 'prodesk.dev/hook': phase, ...annotations } } };
}

describe('app/checks/invalid-hook', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['a Job with a deadline', hook('pre-sync'), undefined],
    ['a phase that there is not', hook('SyncFail'), ANNOTATION],
    ['another kind', hook('pre-sync', {}, {}, 'j', 'CronJob'), ANNOTATION],
    ['a Job that is deleted by time', hook('sync', { ttlSecondsAfterFinished: 5 }), 'spec.ttlSecondsAfterFinished'],
    ['a suspended Job', hook('sync', { suspend: true }), 'spec.suspend'],
    ['a wave of a sync hook', hook('sync', {}, { 'prodesk.dev/wave': '1' }), undefined],
    ['a wave of another hook', hook('post-sync', {}, { 'prodesk.dev/wave': '1' }), ANNOTATION],
    ['a name of 52 characters', hook('sync', {}, {}, 'j'.repeat(52)), undefined],
    ['a name of 53 characters', hook('sync', {}, {}, 'j'.repeat(53)), 'metadata.name'],
    ['one that is never pruned', hook('sync', {}, { 'prodesk.dev/prune': 'false' }), 'metadata.annotations'],
    ['one that may be pruned', hook('sync', {}, { 'prodesk.dev/prune': 'true' }), undefined],
  ])('%s', (_what, one, field) => {
    const { kind, metadata } = one;
    expect(foundIn('invalid-hook', one)).toEqual(field === undefined ? [] : [`${kind} home/${metadata.name} ${field}`]);
  });

  it('a hook without a deadline', () => {
    const { spec: _, ...bare } = hook('sync');
    expect(foundIn('invalid-hook', bare)).toEqual(['Job home/j spec.activeDeadlineSeconds']);
  });
});
