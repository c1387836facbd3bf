import { conditionsOf, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health } from './result.js';

const FAILURES: ReadonlySet<string> = new Set([
  'FailedGetScale',
  'FailedUpdateScale',
  'FailedGetResourceMetric',
  'FailedGetContainerResourceMetric',
  'FailedGetPodsMetric',
  'FailedGetObjectMetric',
  'FailedGetExternalMetric',
  'FailedComputeMetricsReplicas',
  'InvalidSelector',
  'InvalidMetricSourceType',
]);

/** A HorizontalPodAutoscaler: whether it can read its metrics and scale its target. */
export function autoscalerHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const failed = conditions.find(
    ({ status, reason }) => status === 'False' && reason !== undefined && FAILURES.has(reason),
  );
  if (failed !== undefined) {
    return health('Degraded', failed.message ?? failed.reason);
  }
  const able = conditions.find(({ type, status }) => type === 'AbleToScale' && status === 'True');
  return able === undefined ? health('Progressing', 'waiting to autoscale') : health('Healthy', able.message);
}
