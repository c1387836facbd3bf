import { describe, expect, it } from 'vitest';
import { leastPrivilege } from '../../src/app/least-privilege.js';
import type { Manifest } from '../../src/app/manifest.js';
import { powerWarning } from '../../src/cli/rbac.js';

const made = (...kinds: readonly string[]): readonly Manifest[] => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'x' },
    rules: kinds.map((verb) => ({ verbs: [verb] })),
  },
];

describe('cli/rbac', () => {
  it.each([
    ['escalate', ['get', 'escalate'], 'an application makes roles: '],
    ['bind', ['bind'], 'an application makes bindings of roles: '],
    ['both', ['bind', 'escalate'], 'an application makes roles and bindings of roles: '],
  ])('warns of %s', (_what, verbs, beginning) => {
    expect(powerWarning(made(...verbs))).toBe(`${beginning}whoever may push can give itself any right in the cluster`);
  });

  it('warns of a binding alone, and of nothing without roles', () => {
    const sync = { automated: true, prune: true, selfHeal: true, createNamespace: false };
    const warningOf = (kind: string, apiVersion: string): string | undefined => {
      const objects = [{ apiVersion, kind, metadata: { name: 'x', namespace: 'x' } }];
      const app = { name: 'x', namespace: 'x', sync, images: [], objects };
      return powerWarning(leastPrivilege([app], { name: 'p', namespace: 'p' }));
    };
    expect(warningOf('RoleBinding', 'rbac.authorization.k8s.io/v1')).toContain('bindings of roles');
    expect(warningOf('ConfigMap', 'v1')).toBeUndefined();
  });
});
