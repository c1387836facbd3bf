import type { GitSource } from '../../sources/git/port.js';
import type { EventBody } from '../core/events.js';
import { failureOf } from './problem.js';

/** Asks the remote where the branch is. */
export async function pollGit(git: GitSource, signal: AbortSignal): Promise<EventBody> {
  try {
    return { type: 'headSeen', commit: await git.head(signal) };
  } catch (error) {
    return { type: 'gitFailed', ...failureOf(error, 'git/unreachable') };
  }
}
