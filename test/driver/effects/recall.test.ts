import { describe, expect, it } from 'vitest';
import type { DesiredState } from '../../../src/app/desired-state.js';
import { StalledError } from '../../../src/base/errors.js';
import { createRecaller, type RecallerOptions } from '../../../src/driver/effects/recall.js';
import { application } from '../core/scenario.js';

const WEB = application('web');
const DESIRED: DesiredState = {
  revision: 'c1',
  apps: { web: WEB },
  disabled: ['off'],
  failed: { broken: { message: 'boom' } },
};
const { signal } = new AbortController();

function recaller(more: Partial<RecallerOptions['git']> = {}) {
  const checkout: RecallerOptions['git']['checkout'] = (commit) =>
    Promise.resolve({
      directory: `/checkouts/${commit}`,
      info: { commit, subject: '', author: '', committedAt: 0 },
      objectIds: {},
    });
  return createRecaller({
    git: { checkout, ...more },
    synthesizer: { synthesize: () => Promise.resolve(DESIRED) },
    workspace: {
      settings: () => Promise.resolve({ settings: {}, secretKeys: [] }),
      secrets: () => Promise.resolve({}),
    },
    files: { valuesOf: () => Promise.resolve({}) },
    digestKey: 'key',
  });
}

describe('driver/effects/recall', () => {
  it('ends as what the commit has of the application', async () => {
    const source = { definition: WEB, revision: 'c1', secretDigest: '' };
    expect(await recaller()('web', 'c1', signal)).toEqual({ type: 'definitionRecalled', app: 'web', source });
  });

  it.each([
    ['unknown', 'commit c1 cannot give unknown: it is not there, or switched off'],
    ['off', 'commit c1 cannot give off: it is not there, or switched off'],
    ['broken', 'commit c1 cannot give broken: boom'],
  ])('ends as a failure where the commit cannot give %s', async (app, message) => {
    const problem = { code: 'synth/threw', message };
    expect(await recaller()(app, 'c1', signal)).toEqual({ type: 'recallFailed', app, revision: 'c1', problem });
  });

  it('ends as a failure where there is no such commit', async () => {
    const problem = { code: 'git/unknown-revision', message: 'no such commit' } as const;
    const checkout = () => Promise.reject(new StalledError(problem.code, problem.message));
    expect(await recaller({ checkout })('web', 'c1', signal)).toMatchObject({ type: 'recallFailed', problem });
  });
});
