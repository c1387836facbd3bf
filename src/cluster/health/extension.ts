import { findCondition, textAt, conditionsOf, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** An APIService is as healthy as the server behind it is available. */
export function apiServiceHealth(object: KubeObject): Health {
  const available = findCondition(object, 'Available');
  return available?.status === 'True'
    ? HEALTHY
    : health('Progressing', available?.message ?? 'waiting to be processed');
}

/** A CustomResourceDefinition: its names are accepted and the kind is served. */
export function customResourceDefinitionHealth(object: KubeObject): Health {
  if (findCondition(object, 'Terminating')?.status === 'True') {
    return health('Progressing', 'the definition is being deleted');
  }
  const names = findCondition(object, 'NamesAccepted');
  if (names?.status === 'False') {
    return health('Degraded', names.message ?? 'the names are not accepted');
  }
  const schema = findCondition(object, 'NonStructuralSchema');
  if (schema?.status === 'True') {
    return health('Degraded', schema.message ?? 'the schema is not structural');
  }
  return findCondition(object, 'Established')?.status === 'True'
    ? HEALTHY
    : health('Progressing', 'the kind is not served yet');
}

/** A Namespace: on its way out or there. */
export function namespaceHealth(object: KubeObject): Health {
  return textAt(object, 'status', 'phase') === 'Terminating'
    ? health('Progressing', 'namespace is being deleted')
    : HEALTHY;
}

/** A HelmChart of k3s: the controller made the install job, and it did not fail. Charts of old controllers have a job name and no conditions. */
export function helmChartHealth(object: KubeObject): Health {
  const failed = findCondition(object, 'Failed');
  if (failed?.status === 'True') {
    return health('Degraded', failed.message ?? failed.reason ?? 'the install job failed');
  }
  const created = findCondition(object, 'JobCreated');
  const isInstalled =
    created === undefined ? textAt(object, 'status', 'jobName') !== undefined : created.status === 'True';
  return isInstalled
    ? HEALTHY
    : health('Progressing', conditionsOf(object)[0]?.message ?? 'waiting for the Helm controller');
}
