import { describe, expect, it } from 'vitest';
import { syncPolicyOf } from '../../src/app/sync-policy.js';

describe('app/sync-policy', () => {
  const auto = { automated: true, prune: true, selfHeal: true, createNamespace: true };

  it.each([
    ['nothing', undefined, auto],
    ['auto', 'auto', auto],
    ['manual', 'manual', { ...auto, automated: false, selfHeal: false }],
    ['no choices', {}, auto],
    ['one choice', { prune: false }, { ...auto, prune: false }],
    [
      'all choices',
      { automated: false, prune: false, selfHeal: false, createNamespace: false },
      { automated: false, prune: false, selfHeal: false, createNamespace: false },
    ],
  ] as const)('%s gives the complete policy', (_what, props, policy) => {
    expect(syncPolicyOf(props)).toEqual(policy);
  });
});
