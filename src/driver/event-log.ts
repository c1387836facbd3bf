import { describeFinding, warningsIn } from '../app/checks/finding.js';
import type { Logger } from '../base/logger.js';
import type { Effect } from './core/effects.js';
import type { DriverEvent } from './core/events.js';

/** Logs what an event means to people who read along. Polls without news are debug messages. */
export function logEvent(logger: Logger, event: DriverEvent): void {
  switch (event.type) {
    case 'revisionSynthesized':
      logger.info('revision taken', { commit: event.info.commit, subject: event.info.subject });
      for (const [app, { message, location }] of Object.entries(event.desired.failed)) {
        logger.warn('application cannot be synthesized', { app, location, reason: message });
      }
      for (const finding of warningsIn(event.desired)) {
        logger.warn('application has a likely mistake', { app: finding.app, reason: describeFinding(finding) });
      }
      break;
    case 'revisionRejected':
      logger.error('revision rejected', { commit: event.commit, ...event.problem });
      break;
    case 'gitFailed':
      logger.warn('git cannot be polled', { ...event.problem });
      break;
    case 'registryFailed':
      logger.warn('registry cannot be polled', { poll: event.poll, ...event.problem });
      break;
    case 'recallFailed':
      logger.warn('an earlier commit cannot be had', { app: event.app, revision: event.revision, ...event.problem });
      break;
    case 'lookFailed':
      logger.warn('live objects cannot be looked at', { app: event.app, ...event.problem });
      break;
    case 'runFinished':
      for (const { app, problem, changed, spared } of event.outcomes) {
        if (spared !== undefined) {
          logger.warn('objects are not deleted, because they are not the ones that were deployed', {
            app,
            objects: spared,
          });
        }
        if (problem === undefined) {
          logger.info('application synced', { app, changed });
        } else {
          logger.error('application failed to sync', { app, reason: problem.message });
        }
      }
      break;
    case 'clockTurned':
      logger.warn("the machine's clock was turned", { byMs: event.byMs });
      break;
    case 'runFailed':
      logger.error('engine failed', { ...event.problem });
      break;
    case 'buildsListed':
    case 'clusterSeen':
    case 'headSeen':
    case 'observed':
    case 'definitionRecalled':
    case 'pauseRequested':
    case 'pollRequested':
    case 'resumeRequested':
    case 'retryImageRequested':
    case 'rollbackRequested':
    case 'started':
    case 'stopRequested':
    case 'syncRequested':
    case 'ticked':
    case 'unpinRequested':
      logger.debug(event.type);
  }
}

/** Logs what a decision starts that changes the cluster, or records. */
export function logEffect(logger: Logger, effect: Effect): void {
  if (effect.type === 'run') {
    const apps = effect.deployment.apps.map(({ name }) => name);
    logger.info('update starts', { apps, remove: effect.remove, repair: effect.repair });
  } else if (effect.type === 'audit') {
    const { at: _, action, ...entry } = effect.entry;
    logger.info('asked by a person', { what: action, ...entry });
  } else if (effect.type === 'record' && effect.entry.outcome === 'healthy') {
    logger.info('application is healthy', { app: effect.entry.app, ms: effect.entry.durationMs });
  } else if (effect.type === 'record' && effect.entry.outcome === 'degraded') {
    logger.warn('rollout failed', { app: effect.entry.app, reason: effect.entry.message });
  }
}
