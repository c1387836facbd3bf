import { describeFinding, warningsIn } from '../app/checks/finding.js';
import { formatDuration } from '../base/duration.js';
import { describePause } from '../driver/core/pause.js';
import type { Pause } from '../driver/core/state.js';
import type { AppStatus } from '../driver/core/summarize.js';
import type { DaemonStatus } from './daemon-view.js';

/** What is to be known beside the applications, one fact each. Text of others is in it as it came. */
export function statusLines(status: DaemonStatus): string[] {
  const { rejected } = status;
  return [
    ...(rejected === undefined
      ? []
      : [`commit ${rejected.commit.slice(0, 7)} was not taken: ${rejected.problem.message}`]),
    ...(status.paused === undefined ? [] : [`everything is ${pauseText(status.paused)}`]),
    ...(status.clusterReachable ? [] : ['the cluster cannot be reached']),
    ...(status.engineProblem === undefined ? [] : [`the engine failed: ${status.engineProblem.message}`]),
    ...leadershipLines(status.leadership),
    ...(status.disk === undefined ? [] : [status.disk.message]),
    ...orphanLines(status.orphans?.length ?? 0),
    ...warningsIn(status).map((finding) => `warning: ${finding.app}: ${describeFinding(finding)}`),
    ...status.sources.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem.message}`])),
  ];
}

/** How an application is synced: `auto`, `manual`, `auto, pinned`, `paused`. */
export function policyText({ paused, pinned, automated }: AppStatus): string {
  if (paused !== undefined) {
    return 'paused';
  }
  const policy = automated ? 'auto' : 'manual';
  return pinned === undefined ? policy : `${policy}, pinned`;
}

/** Why an application is not as it should be, and when it goes on; empty when there is nothing to say. */
export function messageText({ paused, window, message = '', retryAt }: AppStatus, now: number): string {
  if (paused !== undefined) {
    return pauseText(paused);
  }
  if (window?.open === false && retryAt !== undefined && retryAt === window.opensAt) {
    return `${message}, which opens ${new Date(retryAt).toISOString()}`;
  }
  return message === '' || retryAt === undefined || retryAt <= now
    ? message
    : `${message}; next try in ${formatDuration(retryAt - now)}`;
}

/** What an application's or object's state looks like: good, on its way, or in need of someone. */
export function gradeOf(state: string): 'good' | 'waiting' | 'bad' | 'none' {
  switch (state.toLowerCase()) {
    case 'synced':
    case 'healthy':
      return 'good';
    case 'outofsync':
    case 'progressing':
    case 'suspended':
    case 'drifted':
      return 'waiting';
    case 'degraded':
    case 'missing':
    case 'failed':
      return 'bad';
    default:
      return 'none';
  }
}

function leadershipLines(leadership: DaemonStatus['leadership']): string[] {
  if (leadership === undefined || leadership.isLeader) {
    return [];
  }
  const { holder = 'nobody yet', lease } = leadership;
  return [`this daemon is a follower and writes nothing; who leads: ${holder} (lease ${lease})`];
}

function orphanLines(count: number): string[] {
  return count === 0 ? [] : [`objects in the cluster that are defined nowhere: ${count}; see prodesk orphans`];
}

function pauseText(pause: Pause): string {
  const end = pause.until === undefined ? '' : ` (until ${new Date(pause.until).toISOString()})`;
  return `${describePause(pause)}${end}`;
}
