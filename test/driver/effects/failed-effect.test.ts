import { describe, expect, it } from 'vitest';
import { newestBuild } from '../../../src/app/image-policy.js';
import { TransientError } from '../../../src/base/errors.js';
import type { Effect } from '../../../src/driver/core/effects.js';
import { failedEffect } from '../../../src/driver/effects/failed-effect.js';

const RUN: Effect = {
  type: 'run',
  run: 3,
  deployment: { apps: [], images: {}, fingerprints: {} },
  remove: [],
  repair: [],
  overrides: {},
};

describe('driver/effects/failed-effect', () => {
  it.each<[Effect, object | undefined]>([
    [{ type: 'pollGit' }, { type: 'gitFailed' }],
    [
      { type: 'synthesize', commit: 'c1' },
      { type: 'revisionRejected', commit: 'c1', transient: true },
    ],
    [
      { type: 'listBuilds', poll: 'i', followers: [{ app: 'a', policy: newestBuild('i') }] },
      { type: 'registryFailed', poll: 'i' },
    ],
    [RUN, { type: 'runFailed', run: 3 }],
    [
      { type: 'refresh', app: 'a' },
      { type: 'lookFailed', app: 'a' },
    ],
    [
      { type: 'watch', app: 'a' },
      { type: 'lookFailed', app: 'a' },
    ],
  ])('%o that throws ends as the failure of what it did', (effect, expected) => {
    expect(failedEffect(effect, new Error('boom'))).toMatchObject({ ...expected, problem: { message: 'boom' } });
  });

  it('a forgotten application and a history entry that cannot be written change nothing', () => {
    expect(failedEffect({ type: 'forget', app: 'a' }, new Error('boom'))).toBeUndefined();
  });

  it('an error of ours keeps its code, and says how long to wait', () => {
    const error = new TransientError('registry/rate-limited', '429', { retryAfterMs: 5 });
    expect(failedEffect({ type: 'pollGit' }, error)).toEqual({
      type: 'gitFailed',
      problem: { code: 'registry/rate-limited', message: '429' },
      retryAfterMs: 5,
    });
  });
});
