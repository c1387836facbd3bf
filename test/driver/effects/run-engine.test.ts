import { describe, expect, it } from 'vitest';
import type { StackDeployment } from '../../../src/app/deployment.js';
import type { ImageOverrides } from '../../../src/app/desired-state.js';
import { appUrn, namespaceUrn, objectUrn } from '../../../src/app/resource-name.js';
import { StalledError, TransientError } from '../../../src/base/errors.js';
import type { Effect } from '../../../src/driver/core/effects.js';
import { outcomeEvent, runEngine } from '../../../src/driver/effects/run-engine.js';
import type { Engine, ResourceChange, UpdateRequest, UpdateResult, Workspace } from '../../../src/engine/port.js';

type RunEffect = Extract<Effect, { type: 'run' }>;

const STACK = { project: 'prodesk', stack: 'prodesk' };
const APPS: StackDeployment['apps'] = ['a', 'b'].map((name) => ({
  name,
  namespace: 'default',
  createNamespace: true,
  objects: [],
}));
const EFFECT: RunEffect = {
  type: 'run',
  run: 7,
  deployment: { apps: APPS, images: { a: { i: 't' } }, fingerprints: { a: 'f', b: 'g' } },
  remove: ['c'],
  repair: ['b'],
  overrides: { a: { i: 't' } },
};

function change(urn: string, operation: ResourceChange['operation'] = 'update'): ResourceChange {
  return { urn, operation, diff: [] };
}

function deployment(app: string): string {
  return objectUrn(STACK, app, { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: app });
}

function result(parts: Partial<UpdateResult> = {}): UpdateResult {
  return { changes: [], failures: [], durationMs: 1, ...parts };
}

/** An engine and a workspace that note what they are told, in order. */
function fakes(update: () => Promise<UpdateResult>, recover = () => Promise.resolve()) {
  const calls: (readonly [string, ImageOverrides | UpdateRequest | undefined])[] = [];
  const engine: Pick<Engine, 'update' | 'recover' | 'outputs'> = {
    outputs: () => (calls.push(['outputs', undefined]), Promise.resolve({ images: {}, fingerprints: { a: 'f' } })),
    update: (request) => (calls.push(['update', request]), update()),
    recover: () => (calls.push(['recover', undefined]), recover()),
  };
  const workspace: Pick<Workspace, 'setOverrides'> = {
    setOverrides: (overrides) => (calls.push(['setOverrides', overrides]), Promise.resolve()),
  };
  const run = () => runEngine(engine as Engine, workspace as Workspace, EFFECT, new AbortController().signal);
  return { calls, run };
}

describe('driver/effects/run-engine', () => {
  it('saves the overrides before it updates exactly what the effect says', async () => {
    const { calls, run } = fakes(() => Promise.resolve(result()));
    await run();
    expect(calls).toEqual([
      ['setOverrides', EFFECT.overrides],
      ['update', { ...EFFECT.deployment, remove: ['c'], repair: ['b'], scope: 'targeted', adopt: true }],
    ]);
  });

  it.each([
    ['engine/busy', new TransientError('engine/busy', 'locked'), true],
    ['engine/crashed', new TransientError('engine/crashed', 'killed'), true],
    ['engine/state-lost', new TransientError('engine/state-lost', 'gone'), true],
    ['cluster/unreachable', new TransientError('cluster/unreachable', 'no answer'), false],
    ['config/missing', new StalledError('config/missing', 'no secret'), false],
  ])('%s is a failure of the run; whether a dead lock is looked for: %#', async (code, error, recovers) => {
    const { calls, run } = fakes(() => Promise.reject(error));
    expect(await run()).toMatchObject({ type: 'runFailed', run: 7, problem: { code } });
    expect(calls.some(([name]) => name === 'recover')).toBe(recovers);
  });

  it.each(['engine/crashed', 'engine/state-lost'] as const)(
    'after %s the event tells what the stack says is deployed now',
    async (code) => {
      const { run } = fakes(() => Promise.reject(new TransientError(code, 'no state')));
      expect(await run()).toMatchObject({ outputs: { images: {}, fingerprints: { a: 'f' } } });
    },
  );

  it('a recovery that fails does not hide why the run failed', async () => {
    const busy = () => Promise.reject(new TransientError('engine/busy', 'locked'));
    const { run } = fakes(busy, () => Promise.reject(new TransientError('engine/busy', 'still locked')));
    expect(await run()).toMatchObject({ type: 'runFailed', problem: { code: 'engine/busy', message: 'locked' } });
  });

  it('a foreign error is a failure of the engine, without its credentials', async () => {
    const { run } = fakes(() => Promise.reject(new Error('https://u:verysecret@host broke')));
    const event = await run();
    expect(event).toMatchObject({ type: 'runFailed', problem: { code: 'engine/failed' } });
    expect(JSON.stringify(event)).not.toContain('verysecret');
  });

  describe('outcomeEvent', () => {
    it('tells what of an application was left to somebody else', () => {
      const spared = [{ urn: deployment('b'), app: 'b', reason: 'its label is gone' }];
      expect(outcomeEvent(EFFECT, result({ spared }))).toMatchObject({
        outcomes: [
          { app: 'a', changed: false },
          { app: 'b', changed: false, spared: ['Deployment default/b (its label is gone)'] },
          { app: 'c', changed: false },
        ],
      });
    });

    it('tells of each application whether anything of it changed', () => {
      const changes = [change(deployment('a')), change(deployment('b'), 'same'), change(appUrn(STACK, 'c'), 'delete')];
      expect(outcomeEvent(EFFECT, result({ changes }))).toEqual({
        type: 'runFinished',
        run: 7,
        outcomes: [
          { app: 'a', changed: true, changes: [{ object: 'Deployment default/a', operation: 'update', fields: [] }] },
          { app: 'b', changed: false },
          { app: 'c', changed: true },
        ],
      });
    });

    it('names the fields that changed, as pointers and without values, as far as history keeps them', () => {
      const changes = [{ urn: deployment('a'), operation: 'update', diff: ['/spec', '/metadata'] } as const];
      expect(outcomeEvent(EFFECT, result({ changes }))).toMatchObject({
        outcomes: [{ changes: [{ fields: ['/spec', '/metadata'] }] }, {}, {}],
      });
      const many = Array.from({ length: 60 }, (_, index) => change(deployment('a').replace(/a$/, `a${index}`)));
      expect(outcomeEvent(EFFECT, result({ changes: many }))).toHaveProperty('outcomes.0.changes.length', 50);
    });

    it('blames an application for its own failures only, all in one message', () => {
      const failures = [
        { urn: deployment('a'), app: 'a', message: 'field is immutable' },
        { urn: deployment('a'), app: 'a', message: 'quota exceeded' },
      ];
      expect(outcomeEvent(EFFECT, result({ failures }))).toMatchObject({
        type: 'runFinished',
        outcomes: [
          { app: 'a', problem: { code: 'cluster/rejected', message: 'field is immutable\nquota exceeded' } },
          { app: 'b', changed: false },
          { app: 'c', changed: false },
        ],
      });
    });

    it('is a failure of the whole when no application of the run can be blamed', () => {
      const failures = [{ urn: namespaceUrn(STACK, 'prodesk'), message: 'forbidden' }];
      expect(outcomeEvent(EFFECT, result({ failures }))).toEqual({
        type: 'runFailed',
        run: 7,
        problem: { code: 'engine/failed', message: 'forbidden' },
      });
    });

    it('counts nothing as done when something that belongs to no application failed, too', () => {
      const failures = [
        { urn: namespaceUrn(STACK, 'prodesk'), message: 'forbidden' },
        { urn: deployment('a'), app: 'a', message: 'rejected' },
      ];
      expect(outcomeEvent(EFFECT, result({ failures }))).toMatchObject({
        outcomes: [
          { app: 'a', problem: { message: 'rejected' } },
          { app: 'b', problem: { message: 'forbidden' } },
          { app: 'c', problem: { message: 'forbidden' } },
        ],
      });
    });
  });
});
