import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_IN_FORCE } from '../../../src/app/checks/in-force.js';
import type { DesiredState } from '../../../src/app/desired-state.js';
import { secretMarker } from '../../../src/app/secret-marker.js';
import { sopsKey } from '../../../src/app/sops-reference.js';
import { ConfigError, StalledError, TransientError } from '../../../src/base/errors.js';
import { createRevisionTaker, digestSecrets } from '../../../src/driver/effects/synthesize.js';
import type { ProjectFiles, Workspace } from '../../../src/engine/port.js';
import type { GitSource } from '../../../src/sources/git/port.js';
import { application } from '../core/scenario.js';

const { signal } = new AbortController();
const SECRET = {
  ...application('db'),
  objects: [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { p: secretMarker('db.password') } },
  ],
};
const DESIRED: DesiredState = {
  revision: 'c1',
  apps: { db: SECRET, web: application('web') },
  disabled: [],
  failed: {},
};

describe('driver/effects/synthesize', () => {
  let directory: string;
  let used: (string | undefined)[];
  let fromFiles: Record<string, string>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'checkout-'));
    await writeFile(join(directory, 'Pulumi.yaml'), 'name: prodesk\n');
    used = [];
    fromFiles = {};
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Takes commits whose stack settings name the commit; what fails is up to the test. */
  function taker(
    synthesize: (commit: string) => Promise<DesiredState>,
    useProject: (files: ProjectFiles) => Promise<void> = () => Promise.resolve(),
  ) {
    const git: Pick<GitSource, 'checkout'> = {
      checkout: async (commit) => {
        await writeFile(join(directory, 'Pulumi.prodesk.yaml'), `config: ${commit}\n`);
        return { directory, objectIds: {}, info: { commit, subject: 's', author: 'a', committedAt: 1 } };
      },
    };
    const workspace: Pick<Workspace, 'useProject' | 'settings' | 'secrets'> = {
      useProject: (files) => (used.push(files.stack), useProject(files)),
      settings: () => Promise.resolve({ settings: { domain: 'x' }, secretKeys: ['db.password'] }),
      secrets: () => Promise.resolve({ 'db.password': 'hunter2hunter2' }),
    };
    const take = createRevisionTaker({
      git: git as GitSource,
      synthesizer: { synthesize: ({ revision }) => synthesize(revision) },
      workspace: workspace as Workspace,
      files: { valuesOf: () => Promise.resolve(fromFiles) },
      stack: 'prodesk',
      digestKey: 'key',
    });
    return (commit: string) => take(commit, signal, { inForce: NOTHING_IN_FORCE, pinned: [] });
  }

  it('takes a commit over with its settings, and says nothing of secret values', async () => {
    const event = await taker(() => Promise.resolve(DESIRED))('c1');
    expect(event).toMatchObject({
      type: 'revisionSynthesized',
      info: { commit: 'c1' },
      desired: DESIRED,
      secretDigests: { web: '', db: expect.stringMatching(/^[0-9a-f]{12}$/) as string },
    });
    expect(JSON.stringify(event)).not.toContain('hunter2');
    expect(used).toEqual(['config: c1\n']);
  });

  it('a value in an encrypted file counts like one of the stack', async () => {
    const key = sopsKey({ app: 'web', file: 'web.sops.yaml', path: ['TOKEN'] });
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'w' }, stringData: { t: secretMarker(key) } };
    const desired = { ...DESIRED, apps: { web: { ...application('web'), objects: [object] } } };
    const take = taker(() => Promise.resolve(desired));
    const digestWith = async (value: string): Promise<unknown> => {
      fromFiles = { [key]: value };
      const event = await take('c1');
      expect(JSON.stringify(event)).not.toContain(value);
      return 'secretDigests' in event ? event.secretDigests['web'] : undefined;
    };
    const before = await digestWith('sentinel-one');
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    expect(await digestWith('sentinel-one')).toBe(before);
    expect(await digestWith('sentinel-two')).not.toBe(before);
  });

  it('a commit that cannot be taken leaves the settings of the last good one', async () => {
    const take = taker((commit) =>
      commit === 'bad'
        ? Promise.reject(new StalledError('synth/threw', 'apps/web/app.ts:3'))
        : Promise.resolve(DESIRED),
    );
    await take('c1');
    expect(await take('bad')).toMatchObject({
      type: 'revisionRejected',
      commit: 'bad',
      transient: false,
      problem: { code: 'synth/threw', message: 'apps/web/app.ts:3' },
    });
    expect(used).toEqual(['config: c1\n', 'config: bad\n', 'config: c1\n']);
  });

  it('when the settings cannot be put back either, the commit is tried again and says what was wrong with it', async () => {
    let isFull = false;
    const take = taker(
      (commit) => {
        isFull = commit === 'bad';
        return isFull ? Promise.reject(new StalledError('synth/threw', 'first')) : Promise.resolve(DESIRED);
      },
      () => (isFull ? Promise.reject(new ConfigError('config/invalid', 'disk')) : Promise.resolve()),
    );
    await take('c1');
    expect(await take('bad')).toMatchObject({ transient: true, problem: { message: 'first' } });
  });

  it.each([
    ['a remote that does not answer', new TransientError('git/unreachable', 'x', { retryAfterMs: 7 }), true, 7],
    ['a synthesis that takes too long', new StalledError('synth/limit', 'x'), false, undefined],
    ['an error of another kind', new Error('x'), false, undefined],
  ])('%s: whether the commit is tried again', async (_what, error, transient, retryAfterMs) => {
    const event = await taker(() => Promise.reject(error))('c1');
    expect(event).toMatchObject({ type: 'revisionRejected', transient, problem: { message: 'x' } });
    expect('retryAfterMs' in event ? event.retryAfterMs : undefined).toBe(retryAfterMs);
  });

  it('a commit without a project file is rejected', async () => {
    await rm(join(directory, 'Pulumi.yaml'));
    expect(await taker(() => Promise.resolve(DESIRED))('c1')).toMatchObject({
      type: 'revisionRejected',
      problem: { message: expect.stringContaining('Pulumi.yaml') as string },
    });
  });

  describe('digestSecrets', () => {
    it('changes with the value of a secret that an application uses, and with no other', () => {
      const digest = (secrets: Record<string, string>, key = 'key') => digestSecrets(DESIRED, secrets, key)['db'];
      const before = digest({ 'db.password': 'a', other: 'b' });
      expect(digest({ 'db.password': 'a', other: 'c' })).toBe(before);
      expect(digest({ 'db.password': 'z', other: 'b' })).not.toBe(before);
      expect(digest({ other: 'b' })).not.toBe(before);
      expect(digest({ 'db.password': 'a' }, 'another key')).not.toBe(before);
    });
  });
});
