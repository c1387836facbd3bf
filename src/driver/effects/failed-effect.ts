import type { Effect } from '../core/effects.js';
import type { EventBody } from '../core/events.js';
import { failureOf } from './problem.js';

/**
 * The event that an effect ends as when it threw something that it should have dealt with. Without it the state would wait for ever.
 * Undefined for effects that end as no event.
 */
export function failedEffect(effect: Effect, thrown: unknown): EventBody | undefined {
  switch (effect.type) {
    case 'pollGit':
      return { type: 'gitFailed', ...failureOf(thrown, 'git/unreachable') };
    case 'synthesize':
      return {
        type: 'revisionRejected',
        commit: effect.commit,
        transient: true,
        ...failureOf(thrown, 'synth/threw'),
      };
    case 'recall': {
      const { app, revision } = effect;
      return { type: 'recallFailed', app, revision, problem: failureOf(thrown, 'git/unreachable').problem };
    }
    case 'listBuilds':
      return {
        type: 'registryFailed',
        poll: effect.poll,
        ...failureOf(thrown, 'registry/unavailable'),
      };
    case 'run':
      return { type: 'runFailed', run: effect.run, ...failureOf(thrown, 'engine/failed') };
    case 'watch':
    case 'refresh':
      return { type: 'lookFailed', app: effect.app, problem: failureOf(thrown, 'cluster/unreachable').problem };
    case 'forget':
    case 'record':
    case 'audit':
      return undefined;
  }
}
