import { groupOf } from '../app/manifest.js';
import type { Piece } from './piece.js';
import type { AppFrame } from './plain-piece.js';
import { recognizeAccount, recognizeAccounts } from './recognize/accounts.js';
import {
  recognizeChart,
  recognizeChartConfig,
  recognizeClaim,
  recognizeConfigMap,
  recognizeSecret,
  recognizeVolume,
} from './recognize/configuration.js';
import { recognizeExternalServices, recognizeGroups } from './recognize/groups.js';
import { recognizeMiddleware } from './recognize/middlewares.js';
import { recognizePodMonitor, recognizeRules, recognizeServiceMonitor } from './recognize/monitoring.js';
import { recognizeAutoscaler, recognizeDisruptionBudget, recognizeNetworkPolicy } from './recognize/policies.js';
import { recognizeIngress, recognizeTlsOption, recognizeTlsStore } from './recognize/routing.js';
import { recognizeBinding, recognizeNamespace, recognizePriorityClass, recognizeRole } from './recognize/roles.js';
import { recognizeRoute } from './recognize/routes.js';
import { recognizeService } from './recognize/services.js';
import {
  recognizeCronJob,
  recognizeDaemonSet,
  recognizeDeployment,
  recognizeJob,
  recognizeStatefulSet,
} from './recognize/workloads.js';
import type { SourceObject } from './source-object.js';

/** Proposes constructs for objects; each object is in one proposal at most. A trial decides: a proposal may leave out what its construct cannot say. */
export type Proposer = (objects: readonly SourceObject[], frame: AppFrame) => Piece[];

/** From constructs that make most objects together to those that make one. */
export const PROPOSERS: readonly Proposer[] = [
  (objects, frame) => {
    const own = objects.filter((object) => isPlaceable(object, frame));
    return withoutOverlap([
      ...recognizeGroups(own, 'full'),
      ...recognizeExternalServices(own),
      ...recognizeAccounts(own),
    ]);
  },
  (objects, frame) =>
    withoutOverlap(
      recognizeGroups(
        objects.filter((object) => isPlaceable(object, frame)),
        'small',
      ),
    ),
  (objects, frame) =>
    objects.filter((object) => isPlaceable(object, frame)).flatMap((object) => recognizeOne(object, frame) ?? []),
];

type Recognizer = (object: SourceObject, frame: AppFrame) => Piece | undefined;

const RECOGNIZERS: Readonly<Record<string, Recognizer>> = {
  '/ConfigMap': recognizeConfigMap,
  '/Secret': recognizeSecret,
  '/Service': recognizeService,
  '/PersistentVolume': recognizeVolume,
  '/PersistentVolumeClaim': recognizeClaim,
  'apps/Deployment': recognizeDeployment,
  'apps/StatefulSet': recognizeStatefulSet,
  'apps/DaemonSet': recognizeDaemonSet,
  'batch/Job': recognizeJob,
  'batch/CronJob': recognizeCronJob,
  'traefik.io/IngressRoute': recognizeRoute,
  'traefik.io/Middleware': recognizeMiddleware,
  'traefik.io/TLSOption': recognizeTlsOption,
  'traefik.io/TLSStore': recognizeTlsStore,
  '/ServiceAccount': recognizeAccount,
  '/Namespace': recognizeNamespace,
  'rbac.authorization.k8s.io/Role': recognizeRole,
  'rbac.authorization.k8s.io/ClusterRole': recognizeRole,
  'rbac.authorization.k8s.io/RoleBinding': recognizeBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': recognizeBinding,
  'scheduling.k8s.io/PriorityClass': recognizePriorityClass,
  'networking.k8s.io/Ingress': recognizeIngress,
  'networking.k8s.io/NetworkPolicy': recognizeNetworkPolicy,
  'policy/PodDisruptionBudget': recognizeDisruptionBudget,
  'autoscaling/HorizontalPodAutoscaler': recognizeAutoscaler,
  'helm.cattle.io/HelmChart': recognizeChart,
  'helm.cattle.io/HelmChartConfig': recognizeChartConfig,
  'monitoring.coreos.com/ServiceMonitor': recognizeServiceMonitor,
  'monitoring.coreos.com/PodMonitor': recognizePodMonitor,
  'monitoring.coreos.com/PrometheusRule': recognizeRules,
};

function recognizeOne(object: SourceObject, frame: AppFrame): Piece | undefined {
  const { apiVersion, kind } = object.manifest;
  return RECOGNIZERS[`${groupOf(apiVersion)}/${kind}`]?.(object, frame);
}

/** Constructs make objects of the application's own namespace. */
function isPlaceable({ manifest }: SourceObject, { namespace }: AppFrame): boolean {
  return (manifest.metadata.namespace ?? namespace) === namespace;
}

function withoutOverlap(pieces: readonly Piece[]): Piece[] {
  const taken = new Set<SourceObject>();
  return pieces.filter(({ objects }) => {
    const isFree = objects.every((object) => !taken.has(object));
    objects.forEach((object) => taken.add(object));
    return isFree;
  });
}
