import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ApiObject, Claim, ConfigMap, inWave, Job, keep, mayPrune, WebApp } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const annotationsOf = (build: Parameters<typeof synthesize>[0]): unknown[] =>
  synthesize(build).map(({ kind, metadata: { annotations } }) => [kind, annotations]);

describe('constructs/lifecycle', () => {
  it('a wave is on every object that a construct makes, and the last word counts', () => {
    const found = annotationsOf((scope) => {
      const web = new WebApp(scope, 'web', { name: 'web', image: 'a:1', port: 80, annotations: { mine: 'x' } });
      inWave(1, web);
      inWave(2, web.deployment);
    });
    expect(found).toEqual([
      ['Deployment', { mine: 'x', 'prodesk.dev/wave': '2' }],
      ['Service', expect.objectContaining({ 'prodesk.dev/wave': '1' })],
    ]);
  });

  it('plain objects can be kept, and claims be pruned', () => {
    const found = annotationsOf((scope) => {
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
      keep(new ApiObject(scope, 'plain', manifest));
      mayPrune(new Claim(scope, 'claim', { name: 'c', size: '1Gi' }));
    });
    expect(found).toEqual([
      ['ConfigMap', { 'prodesk.dev/prune': 'false' }],
      ['PersistentVolumeClaim', { 'prodesk.dev/prune': 'true' }],
    ]);
  });

  it('a wave is a whole number, and has objects', () => {
    const config = (scope: ConstructorParameters<typeof ConfigMap>[0]) =>
      new ConfigMap(scope, 'c', { name: 'c', data: { a: 'b' } });
    expect(building((scope) => inWave(1.5, config(scope)))).toThrow('1.5');
    expect(building((scope) => inWave(1, new Construct(scope, 'none')))).toThrow('makes no objects');
  });

  describe('a hook', () => {
    const JOB = { name: 'migrate', image: 'a:1' };

    it('is a Job with an annotation and a deadline', () => {
      const [job] = synthesize((scope) => new Job(scope, 'job', { ...JOB, hook: 'pre-sync' }));
      expect(job).toMatchObject({
        metadata: { name: 'migrate', annotations: { 'prodesk.dev/hook': 'pre-sync' } },
        spec: { activeDeadlineSeconds: 600 },
      });
    });

    it('may have another deadline', () => {
      const [job] = synthesize((scope) => new Job(scope, 'job', { ...JOB, hook: 'sync', deadlineSeconds: 30 }));
      expect(job).toMatchObject({ spec: { activeDeadlineSeconds: 30 } });
    });

    it.each([
      ['a name of 53 characters', { name: 'a'.repeat(53) }, 'more than 52 characters'],
      ['an end by time', { ttlSecondsAfterFinished: 5 }, 'ttlSecondsAfterFinished'],
    ])('%s is refused', (_what, props, message) => {
      expect(building((scope) => new Job(scope, 'job', { ...JOB, hook: 'sync', ...props }))).toThrow(message);
    });
  });
});
