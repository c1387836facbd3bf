import { describe, expect, it } from 'vitest';
import { type Sight, staged } from './staged.js';
import { begun, LATER, Staged } from './staged-scenario.js';

describe('driver/core/decide stages that are interrupted', () => {
  describe('a restart in the middle', () => {
    const restarted = (before: Staged): Staged =>
      new Staged()
        .start(before.state)
        .commit('c1', [staged('a')])
        .builds('a', ['master-0', 1]);

    it('goes on with the next stage when the hook has ended meanwhile', () => {
      const scenario = restarted(
        begun()
          .finish()
          .see({ ...LATER, migrate: 'Progressing' }),
      );
      expect(scenario.started()).toBeUndefined();
      expect(scenario.see(LATER).written()).toEqual(['db']);
    });

    it('awaits a hook that runs', () => {
      const scenario = restarted(
        begun()
          .finish()
          .see({ ...LATER, migrate: 'Progressing' }),
      );
      expect(
        scenario
          .see({ ...LATER, migrate: 'Progressing' })
          .wait(600_000)
          .started(),
      ).toBeUndefined();
    });

    it('does the stage again when nobody knows how its run ended: what is there stays as it is', () => {
      const scenario = restarted(begun());
      expect(scenario.app('a').operation?.stage).toBe('pre-sync');
      expect(scenario.finish().see(LATER).written()).toEqual(['db']);
    });

    it('begins anew when nothing was remembered; hooks are known by their names', () => {
      const before = begun().finish().see(LATER);
      const name = before.deployed()?.objects[0]?.metadata.name;
      const scenario = new Staged()
        .start()
        .commit('c1', [staged('a')])
        .builds('a', ['master-0', 1]);
      expect(scenario.written()).toEqual(['migrate']);
      expect(scenario.deployed()?.objects[0]?.metadata.name).toBe(name);
    });

    it('runs the hooks after the sync that were still to come', () => {
      const before = begun().finish().see(LATER).finish().see({ web: 'drifted', smoke: 'Missing' }).finish();
      const scenario = restarted(before).see({ web: 'Progressing', smoke: 'Missing' });
      expect(scenario.started()).toBeUndefined();
      expect(scenario.see({ smoke: 'Missing' }).written()).toEqual(['db', 'web', 'smoke']);
    });
  });

  describe('a new commit while a hook runs', () => {
    const superseded = (sight: Sight): Staged =>
      begun()
        .finish()
        .see({ ...LATER, migrate: sight })
        .commit('c2', [staged('a', { note: 'x' })]);

    it('waits until it has ended, well or badly, and then begins with its own', () => {
      const scenario = superseded('Progressing');
      expect(scenario.wait(600_000).started()).toBeUndefined();
      expect(scenario.status().message).toMatch(
        /^waits for a hook of commit c1 to end: Job default\/migrate-\w+ \(Progressing\)$/,
      );
      scenario.see({ ...LATER, migrate: 'Degraded' });
      expect(scenario.written()).toEqual(['migrate']);
      expect(scenario.app('a').progress?.target.revision).toBe('c2');
    });

    it('also after a restart', () => {
      const scenario = new Staged().start(superseded('Progressing').state);
      scenario.commit('c2', [staged('a', { note: 'x' })]).builds('a', ['master-0', 1]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.see({ ...LATER, migrate: 'Progressing' }).started()).toBeUndefined();
      expect(scenario.see(LATER).written()).toEqual(['migrate']);
    });

    it('also when the application left Git in between, and nothing of it was deleted yet', () => {
      const scenario = begun()
        .finish()
        .see({ ...LATER, migrate: 'Progressing' })
        .commit('c2', [])
        .commit('c3', [staged('a', { note: 'x' })]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.see(LATER).written()).toEqual(['migrate']);
    });

    it('also when a person asks', () => {
      const scenario = superseded('Progressing').sync('a');
      expect(scenario.started()).toBeUndefined();
      expect(scenario.see(LATER).written()).toEqual(['migrate']);
    });

    it('does not wait for one that cannot start', () => {
      expect(superseded('crashing').written()).toEqual(['migrate']);
    });

    it('is not held up by a hook after the sync', () => {
      const scenario = begun().finish().see(LATER).finish().see().finish().see({ smoke: 'Missing' }).finish();
      scenario.see({ smoke: 'Progressing' }).commit('c2', [staged('a', { note: 'x' })]);
      expect(scenario.written()).toEqual(['migrate']);
    });
  });
});
