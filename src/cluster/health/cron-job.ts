import { fieldOf, itemsAt, textAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/**
 * A CronJob: suspended, or how its last run ended.
 * Unlike in Argo CD a run under way is Healthy: it says nothing about a rollout, and a schedule of each minute would keep the application Progressing.
 */
export function cronJobHealth(object: KubeObject): Health {
  if (fieldOf(object, 'spec', 'suspend') === true) {
    return health('Suspended', 'cron job is suspended');
  }
  if (itemsAt(object, 'status', 'active').length > 0) {
    return health('Healthy', 'a run is under way');
  }
  const scheduled = textAt(object, 'status', 'lastScheduleTime');
  const succeeded = textAt(object, 'status', 'lastSuccessfulTime');
  const hasFailed =
    scheduled !== undefined && (succeeded === undefined || Date.parse(succeeded) < Date.parse(scheduled));
  return hasFailed ? health('Degraded', `the run of ${scheduled} did not succeed`) : HEALTHY;
}
