import type { CodeValue } from '../code.js';
import type { Piece } from '../piece.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { SourceObject } from '../source-object.js';
import { mainContainerProps } from './pod.js';
import {
  amountOf,
  appOf,
  at,
  filled,
  metadataProps,
  numberOf,
  numberOrText,
  type Props,
  textOf,
  unless,
  wholeOf,
} from './values.js';

/** The labels by which a workload finds its pods; undefined where it needs more than labels, or has no container. */
function selectorOf(manifest: unknown): Readonly<Record<string, unknown>> | undefined {
  const labels = fieldsOf(at(manifest, 'spec', 'selector', 'matchLabels'));
  const isRunnable = listOf(at(podOf(manifest), 'containers')).length > 0;
  return isRunnable && Object.keys(labels).length > 0 ? labels : undefined;
}

/** Whether constructs for workloads can make it. */
export function isWorkload(manifest: unknown): boolean {
  return selectorOf(manifest) !== undefined;
}

/** The properties of a Deployment and its main container. */
export function deploymentProps(manifest: unknown): Props {
  const main = mainContainerProps(podOf(manifest));
  return {
    props: {
      ...named(manifest, main.props),
      ...deploymentOptions(manifest),
      ...templateProps(manifest),
      ...metadataProps(manifest),
    },
    uses: main.uses,
  };
}

/** A piece for one object. */
export function pieceOf(construct: string, object: SourceObject, { props, uses }: Props): Piece {
  const { name } = object.manifest.metadata;
  return { construct, name, props, uses, objects: [object], files: [] };
}

/** A Deployment. */
export function recognizeDeployment(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  return isWorkload(manifest) ? pieceOf('Worker', object, deploymentProps(manifest)) : undefined;
}

/** A StatefulSet with its own claims. */
export function recognizeStatefulSet(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  if (!isWorkload(manifest)) {
    return undefined;
  }
  const spec = fieldsOf(manifest.spec);
  const main = mainContainerProps(podOf(manifest));
  const claims = listOf(spec.volumeClaimTemplates).map((claim) => ({
    name: textOf(at(claim, 'metadata', 'name')),
    size: amountOf(at(claim, 'spec', 'resources', 'requests', 'storage')),
    storageClass: textOf(at(claim, 'spec', 'storageClassName')),
    accessMode: unless('ReadWriteOnce', listOf(at(claim, 'spec', 'accessModes'))[0]),
    ...metadataProps(claim),
  }));
  const own = {
    service: textOf(spec.serviceName),
    replicas: replicasOf(spec.replicas),
    podManagement: textOf(spec.podManagementPolicy),
    updateStrategy: textOf(at(spec, 'updateStrategy', 'type')),
    partition: numberOf(at(spec, 'updateStrategy', 'rollingUpdate', 'partition')),
    claimRetention: wholeOf(spec.persistentVolumeClaimRetentionPolicy),
    ...revisionOptions(spec),
    claims: filled(claims),
  };
  return pieceOf('StatefulSet', object, {
    props: { ...named(manifest, main.props), ...own, ...templateProps(manifest), ...metadataProps(manifest) },
    uses: main.uses,
  });
}

/** A DaemonSet. */
export function recognizeDaemonSet(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  if (!isWorkload(manifest)) {
    return undefined;
  }
  const main = mainContainerProps(podOf(manifest));
  const { updateStrategy, ...spec } = fieldsOf(manifest.spec);
  const own = {
    updateStrategy: textOf(at(updateStrategy, 'type')),
    maxUnavailable: numberOrText(at(updateStrategy, 'rollingUpdate', 'maxUnavailable')),
    ...revisionOptions(spec),
  };
  return pieceOf('DaemonSet', object, {
    props: { ...named(manifest, main.props), ...own, ...templateProps(manifest), ...metadataProps(manifest) },
    uses: main.uses,
  });
}

/** A Job. */
export function recognizeJob(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  const spec = fieldsOf(manifest.spec);
  const job = jobProps(manifest, spec);
  return job && pieceOf('Job', object, job);
}

/** A CronJob. */
export function recognizeCronJob(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  const spec = fieldsOf(manifest.spec);
  const job = jobProps(manifest, at(spec, 'jobTemplate', 'spec'));
  const concurrency = textOf(spec.concurrencyPolicy);
  const own = {
    schedule: textOf(spec.schedule),
    timeZone: textOf(spec.timeZone),
    concurrency: concurrency === 'Allow' ? undefined : concurrency,
    keepSuccessful: numberOf(spec.successfulJobsHistoryLimit),
    keepFailed: numberOf(spec.failedJobsHistoryLimit),
    startingDeadlineSeconds: numberOf(spec.startingDeadlineSeconds),
    suspend: spec.suspend === true ? true : undefined,
    jobLabels: wholeOf(at(spec, 'jobTemplate', 'metadata', 'labels')),
    jobAnnotations: wholeOf(at(spec, 'jobTemplate', 'metadata', 'annotations')),
  };
  return job && pieceOf('CronJob', object, { ...job, props: { name: job.props.name, ...own, ...job.props } });
}

function jobProps(manifest: unknown, spec: unknown): Props | undefined {
  const pod = at(spec, 'template', 'spec');
  if (listOf(at(pod, 'containers')).length === 0) {
    return undefined;
  }
  const main = mainContainerProps(pod);
  const restartPolicy = textOf(at(pod, 'restartPolicy'));
  return {
    props: {
      ...named(manifest, main.props),
      completions: unless(1, at(spec, 'completions')),
      parallelism: unless(1, at(spec, 'parallelism')),
      restartPolicy: restartPolicy === 'OnFailure' ? undefined : restartPolicy,
      retries: numberOf(at(spec, 'backoffLimit')),
      deadlineSeconds: numberOf(at(spec, 'activeDeadlineSeconds')),
      ttlSecondsAfterFinished: numberOf(at(spec, 'ttlSecondsAfterFinished')),
      podLabels: wholeOf(at(spec, 'template', 'metadata', 'labels')),
      podAnnotations: wholeOf(at(spec, 'template', 'metadata', 'annotations')),
      ...metadataProps(manifest),
    },
    uses: main.uses,
  };
}

/** The specification of a workload's pods. */
export function podOf(manifest: unknown): unknown {
  return at(manifest, 'spec', 'template', 'spec');
}

/** The main container has the workload's name unless it says another. */
function named(manifest: unknown, { name, ...main }: Props['props']): Props['props'] {
  const own = textOf(at(manifest, 'metadata', 'name'));
  return { name: own, containerName: name === own ? undefined : name, ...main };
}

function deploymentOptions(manifest: unknown): Record<string, CodeValue> {
  const spec = fieldsOf(at(manifest, 'spec'));
  return {
    replicas: replicasOf(spec.replicas),
    strategy: unless('RollingUpdate', at(spec, 'strategy', 'type')),
    maxSurge: numberOrText(at(spec, 'strategy', 'rollingUpdate', 'maxSurge')),
    maxUnavailable: numberOrText(at(spec, 'strategy', 'rollingUpdate', 'maxUnavailable')),
    ...revisionOptions(spec),
    progressDeadlineSeconds: unless(600, spec.progressDeadlineSeconds),
  };
}

function revisionOptions(spec: Readonly<Record<string, unknown>>): Record<string, CodeValue> {
  return {
    revisionHistoryLimit: unless(10, spec.revisionHistoryLimit),
    minReadySeconds: unless(0, spec.minReadySeconds),
  };
}

function replicasOf(replicas: unknown): number | undefined {
  return replicas === 1 ? undefined : numberOf(replicas);
}

/** The labels of the selector are there by themselves. */
function templateProps(manifest: unknown): Record<string, CodeValue> {
  const selector = selectorOf(manifest) ?? {};
  const labels = Object.entries(fieldsOf(at(manifest, 'spec', 'template', 'metadata', 'labels')));
  const app = appOf(selector);
  return {
    selector: app === textOf(at(manifest, 'metadata', 'name')) ? undefined : (selector as CodeValue),
    podLabels: wholeOf(Object.fromEntries(labels.filter(([key]) => !Object.hasOwn(selector, key)))),
    podAnnotations: wholeOf(at(manifest, 'spec', 'template', 'metadata', 'annotations')),
  };
}
