import { groupOf } from '../../app/manifest.js';
import type { KubeObject } from '../kube-object.js';
import type { Health, HealthStatus } from '../port.js';
import { autoscalerHealth } from './autoscaler.js';
import { cronJobHealth } from './cron-job.js';
import { customResourceHealth } from './custom-resource.js';
import { daemonSetHealth } from './daemon-set.js';
import { deploymentHealth } from './deployment.js';
import { apiServiceHealth, customResourceDefinitionHealth, helmChartHealth, namespaceHealth } from './extension.js';
import { jobHealth } from './job.js';
import { ingressHealth, serviceHealth } from './networking.js';
import { podHealth } from './pod.js';
import { replicaSetHealth } from './replica-set.js';
import { health, HEALTHY, type HealthCheck } from './result.js';
import { statefulSetHealth } from './stateful-set.js';
import { persistentVolumeClaimHealth, persistentVolumeHealth } from './storage.js';

const CHECKS: Readonly<Record<string, HealthCheck>> = {
  'apps/Deployment': deploymentHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': cronJobHealth,
  '/Service': serviceHealth,
  'networking.k8s.io/Ingress': ingressHealth,
  '/PersistentVolumeClaim': persistentVolumeClaimHealth,
  '/PersistentVolume': persistentVolumeHealth,
  '/Pod': podHealth,
  '/Namespace': namespaceHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'apiregistration.k8s.io/APIService': apiServiceHealth,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinitionHealth,
  'helm.cattle.io/HelmChart': helmChartHealth,
  'helm.cattle.io/HelmChartConfig': () => HEALTHY,
};

/** From best to worst, in the order of Argo CD's gitops-engine. */
const ORDER: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/**
 * The health of a live object.
 * @param kind what the object is; items of lists do not say it themselves
 */
export function healthOf(object: KubeObject, kind: { readonly apiVersion: string; readonly kind: string }): Health {
  if (object.metadata.deletionTimestamp !== undefined) {
    return health('Progressing', 'waiting to be deleted');
  }
  const check = CHECKS[`${groupOf(kind.apiVersion)}/${kind.kind}`] ?? customResourceHealth;
  return check(object);
}

/**
 * The worst of several healths, with the message of the first that is as bad. `failing` is that of the worst, else of any: a rollout that fails is worth
 * knowing beside something worse. Nothing at all is Healthy.
 */
export function worstHealth(list: Iterable<Health>): Health {
  let worst = HEALTHY;
  let failing: string | undefined;
  for (const one of list) {
    const difference = ORDER.indexOf(one.status) - ORDER.indexOf(worst.status);
    if (difference > 0 || (difference === 0 && worst.failing === undefined && one.failing !== undefined)) {
      worst = one.status === 'Healthy' ? HEALTHY : one;
    }
    failing ??= one.failing;
  }
  return failing === undefined || worst.failing !== undefined ? worst : { ...worst, failing };
}
