import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/app/manifest.js';
import { hookKeysOf, hookOf, LONGEST_HOOK_NAME, stageOf, stagesOf, withHookNames } from '../../src/app/stages.js';

function object(kind: string, annotations: Readonly<Record<string, string>> = {}, image = 'a:1'): Manifest {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'v1';
  return { apiVersion, kind, metadata: { name: 'x', namespace: 'n', annotations }, spec: { image } };
}

const hook = (phase: string, image?: string): Manifest => object('Job', { 'prodesk.dev/hook': phase }, image);
const inWave = (wave: string): Manifest => object('ConfigMap', { 'prodesk.dev/wave': wave });

describe('app/stages', () => {
  it.each([
    ['nothing said', object('ConfigMap'), 0],
    ['a wave', inWave('2'), 2],
    ['a negative wave', inWave('-1'), -1],
    ["Argo CD's wave", object('ConfigMap', { 'argocd.argoproj.io/sync-wave': '3' }), 3],
    [
      'our wave before that of Argo CD',
      object('ConfigMap', { 'prodesk.dev/wave': '1', 'argocd.argoproj.io/sync-wave': '3' }),
      1,
    ],
    ['what is no wave', inWave('soon'), 0],
    ['a hook before all', hook('pre-sync'), 'pre-sync'],
    ['a hook after all', hook('post-sync'), 'post-sync'],
    ['a hook in a wave', object('Job', { 'prodesk.dev/hook': 'sync', 'prodesk.dev/wave': '1' }), 1],
    ["Argo CD's hook", object('Job', { 'argocd.argoproj.io/hook': 'PreSync' }), 'pre-sync'],
    ['a hook that is no Job', object('ConfigMap', { 'prodesk.dev/hook': 'pre-sync' }), 0],
  ])('stageOf: %s', (_what, one, stage) => {
    expect(stageOf(one)).toBe(stage);
  });

  it('stagesOf gives them in order, each once, with a wave among them', () => {
    const objects = [
      inWave('10'),
      hook('post-sync'),
      inWave('9'),
      object('Secret'),
      hook('pre-sync'),
      inWave('-1'),
      inWave('9'),
    ];
    expect(stagesOf(objects)).toEqual(['pre-sync', -1, 0, 9, 10, 'post-sync']);
    expect(stagesOf([hook('post-sync')])).toEqual([0, 'post-sync']);
    expect(stagesOf([object('Secret')])).toEqual([0]);
  });

  it('hookOf: a hook of an unknown kind is none', () => {
    expect(hookOf(hook('SyncFail'))).toBeUndefined();
  });

  describe('withHookNames', () => {
    const nameOf = (objects: readonly Manifest[]): string | undefined =>
      withHookNames(objects).find(({ kind }) => kind === 'Job')?.metadata.name;

    it('a hook has another name with each change of any object, and the same one without', () => {
      const name = nameOf([hook('pre-sync'), object('Secret')]);
      expect(name).toMatch(/^x-[0-9a-f]{10}$/);
      expect(nameOf([hook('pre-sync'), object('Secret')])).toBe(name);
      expect(nameOf([hook('pre-sync', 'a:2'), object('Secret')])).not.toBe(name);
      expect(nameOf([hook('pre-sync'), object('Secret', {}, 'b')])).not.toBe(name);
    });

    it('other objects keep theirs, and without hooks nothing is copied', () => {
      const objects = [object('Secret')];
      expect(withHookNames(objects)).toBe(objects);
      expect(withHookNames([hook('sync'), object('Secret')])[1]).toEqual(object('Secret'));
    });

    it('the longest name still fits a label', () => {
      const longest = { ...hook('sync'), metadata: { ...hook('sync').metadata, name: 'x'.repeat(LONGEST_HOOK_NAME) } };
      expect(withHookNames([longest])[0]?.metadata.name).toHaveLength(63);
    });

    it('hookKeysOf names them as they run', () => {
      const objects = withHookNames([hook('sync'), object('Secret')]);
      expect(hookKeysOf(objects)).toEqual([`batch/Job/n/${objects[0]?.metadata.name ?? ''}`]);
    });
  });
});
