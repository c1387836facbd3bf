import type { DeployApp } from '../../../src/app/deployment.js';
import type { Effect, HistoryEntry } from '../../../src/driver/core/effects.js';
import { summarize, type AppStatus } from '../../../src/driver/core/summarize.js';
import { Scenario } from './scenario.js';
import { type Sight, sightOf, staged, type StagedOptions } from './staged.js';

/** A scenario of one application in stages. */
export class Staged extends Scenario {
  /** Its objects as seen: Healthy, but for what is said. */
  see(sights: Readonly<Record<string, Sight>> = {}): this {
    const definition = this.app('a').progress?.definition ?? this.app('a').definition;
    if (definition === undefined) {
      throw new Error('nothing to see');
    }
    const { progress } = this.app('a');
    const overrides = progress === undefined ? this.state.overrides : { a: progress.target.images };
    return this.observe('a', sightOf(definition, overrides, sights));
  }

  /** The names of what the last event's run may write, without the hashes of hooks. */
  written(): string[] | undefined {
    const app = this.deployed();
    const untouched = new Set<string>(app?.extent?.untouched);
    return app?.objects
      .filter(({ kind, apiVersion, metadata }) => {
        const key = `${apiVersion.split('/')[0] ?? ''}/${kind}/default/${metadata.name}`;
        return !untouched.has(key);
      })
      .map(({ metadata }) => metadata.name.split('-')[0] ?? '');
  }

  deployed(): DeployApp | undefined {
    return this.started()?.deployment.apps.find(({ name }) => name === 'a');
  }

  status(): AppStatus {
    const status = summarize(this.state).apps.find(({ name }) => name === 'a');
    if (status === undefined) {
      throw new Error('no status');
    }
    return status;
  }

  recorded(): HistoryEntry[] {
    return this.effects
      .filter((effect): effect is Extract<Effect, { type: 'record' }> => effect.type === 'record')
      .map(({ entry }) => entry);
  }
}

/** What is seen while all but the first hook is still to come. */
export const LATER: Readonly<Record<string, Sight>> = { db: 'drifted', web: 'drifted', smoke: 'Missing' };

/** The first commit, of which the pre-sync hook is to run. */
export function begun(options: StagedOptions = {}): Staged {
  const scenario = new Staged().start().commit('c1', [staged('a', options)]);
  return scenario.builds('a', ['master-0', 1]);
}
