import { describe, expect, it } from 'vitest';
import { newAppState, type AppState } from '../../src/driver/core/state.js';
import type { NumberedEntry } from '../../src/driver/history.js';
import { rollbackGoal } from '../../src/server/rollback-goal.js';
import { application, IMAGE, SIDECAR } from '../driver/core/scenario.js';

const C1 = '1'.repeat(40);
const C2 = '2'.repeat(40);
const WEB = application('web', { follows: true });

function state(definition = WEB): AppState {
  const target = { revision: C2, images: { [IMAGE]: 'v2' }, fingerprint: '', objectsFingerprint: '' };
  return { ...newAppState('web', definition.sync), definition, target };
}

function entry(id: number, revision: string, tag: string, more: Partial<NumberedEntry> = {}): NumberedEntry {
  const images = { [IMAGE]: tag };
  return { id, at: id, app: 'web', kind: 'image', outcome: 'healthy', by: 'automated', images, revision, ...more };
}

const ENTRIES = [
  entry(6, C2, 'v2'),
  entry(5, C2, 'v2', { outcome: 'succeeded' }),
  entry(4, C2, 'v1x', { outcome: 'degraded' }),
  entry(3, C2, 'v1', { kind: 'heal', outcome: 'succeeded' }),
  entry(2, C2, 'v1'),
  entry(1, C1, 'v1', { kind: 'sync' }),
];

describe('server/rollback-goal', () => {
  it('is the newest other state that was Healthy, when a person names none', () => {
    expect(rollbackGoal(state(), ENTRIES, {})).toEqual({ revision: C2, images: { [IMAGE]: 'v1' } });
  });

  it('is the state of the entry with the number', () => {
    expect(rollbackGoal(state(), ENTRIES, { to: 1 })).toEqual({ revision: C1, images: { [IMAGE]: 'v1' } });
  });

  it.each(['v0', `${IMAGE}:v0`])('is the version of the image that is followed: %s', (image) => {
    expect(rollbackGoal(state(), [], { image })).toEqual({ images: { [IMAGE]: 'v0' } });
  });

  it('is the version of the image that is named among several', () => {
    const both = state(application('web', { follows: true, sidecar: 'v1' }));
    expect(rollbackGoal(both, [], { image: `${SIDECAR}:v0` })).toEqual({ images: { [SIDECAR]: 'v0' } });
    expect(() => rollbackGoal(both, [], { image: 'v0' })).toThrow(`follows ${IMAGE}, ${SIDECAR}; write IMAGE:TAG`);
  });

  it('may be a digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(rollbackGoal(state(), [], { image: `${IMAGE}:v0@${digest}` }).images).toEqual({ [IMAGE]: `v0@${digest}` });
    expect(rollbackGoal(state(), [], { image: digest }).images).toEqual({ [IMAGE]: digest });
  });

  it.each([C1, '111'])('is a commit, complete or as history knows it: %s', (revision) => {
    expect(rollbackGoal(state(), ENTRIES, { revision })).toEqual({ revision: C1, images: {} });
  });

  it.each([
    ['an entry that is not there', { to: 99 }, 'no deployment with the number 99'],
    ['an entry that deployed nothing', { to: 3 }, 'no deployment with the number 3'],
    ['a commit that history does not have', { revision: '333' }, 'no commit "333"'],
    ['a commit that is empty text', { revision: '' }, 'several commits ""'],
    ['an image that is not followed', { image: 'other/image:v1' }, 'write IMAGE:TAG'],
    ['a version that cannot be one', { image: 'v1 --force' }, 'neither a tag nor a digest'],
  ])('is refused: %s', (_what, wish, message) => {
    expect(() => rollbackGoal(state(), ENTRIES, wish)).toThrow(message);
  });

  it('is refused where the application follows no image, and where there was no other state', () => {
    expect(() => rollbackGoal(state(application('web')), [], { image: 'v1' })).toThrow('web follows no image');
    expect(() => rollbackGoal(state(), ENTRIES.slice(0, 2), {})).toThrow('no earlier state that was Healthy');
  });
});
