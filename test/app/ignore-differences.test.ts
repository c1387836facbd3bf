import { describe, expect, it } from 'vitest';
import { deployAppOf } from '../../src/app/deployment.js';
import { ignoredFields, type IgnoreRule } from '../../src/app/ignore-differences.js';
import type { Manifest } from '../../src/app/manifest.js';
import { syncPolicyOf } from '../../src/app/sync-policy.js';

function object(kind: string, name: string, spec: object = {}, apiVersion = 'apps/v1'): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: 'home' }, spec };
}

const WEB = object('Deployment', 'web');
const HPA = object(
  'HorizontalPodAutoscaler',
  'x',
  { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
  'autoscaling/v2',
);

function ignored(rules: readonly IgnoreRule[], ...objects: Manifest[]) {
  return Object.fromEntries(ignoredFields(objects, rules));
}

describe('app/ignore-differences', () => {
  it('is what the rules for the kind, and for the name where one is given, say', () => {
    const rules = [
      { kind: 'Deployment', pointers: ['/spec/a'] },
      { kind: 'Deployment', name: 'web', pointers: ['/spec/b'], managers: ['m'] },
      { kind: 'Service', pointers: ['/spec/c'] },
    ];
    expect(ignored(rules, WEB, object('Deployment', 'db'), object('Job', 'j'))).toEqual({
      'apps/Deployment/home/web': { pointers: ['/spec/a', '/spec/b'], managers: ['m'] },
      'apps/Deployment/home/db': { pointers: ['/spec/a'], managers: [] },
    });
  });

  it('is the replicas of what a HorizontalPodAutoscaler scales, without a rule', () => {
    expect(ignored([], WEB, HPA, object('StatefulSet', 'web'), object('Deployment', 'db'))).toEqual({
      'apps/Deployment/home/web': { pointers: ['/spec/replicas'], managers: [] },
    });
  });

  it('goes with the application to where it is deployed, with what others were seen to write', () => {
    const app = { name: 'web', namespace: 'home', sync: syncPolicyOf(), images: [], objects: [WEB] };
    const rules = [{ kind: 'Deployment', pointers: ['/spec/a'] }];
    const seen = { 'apps/Deployment/home/web': ['/spec/z'] };
    expect(deployAppOf(app, [WEB])).not.toHaveProperty('ignored');
    expect(deployAppOf({ ...app, ignoreDifferences: rules }, [WEB], seen).ignored).toEqual({
      'apps/Deployment/home/web': ['/spec/a', '/spec/z'],
    });
  });
});
