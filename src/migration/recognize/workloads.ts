import type { CodeValue } from '../code.js';
import type { Piece } from '../piece.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { SourceObject } from '../source-object.js';
import { mainContainerProps, podProps } from './pod.js';
import { containerProps } from './container.js';
import { at, filled, metadataProps, numberOf, type Props, textOf, wholeOf } from './values.js';

/** The name of a workload whose pods are found by the label `app` with that name; undefined for others. */
export function appNameOf(manifest: unknown): string | undefined {
  const labels = fieldsOf(at(manifest, 'spec', 'selector', 'matchLabels'));
  const name = textOf(at(manifest, 'metadata', 'name'));
  return labels.app === name && Object.keys(labels).length === 1 ? name : undefined;
}

/** Whether the first container has the workload's name, as constructs with one main container give it. */
export function hasMainContainer(manifest: unknown, pod: unknown): boolean {
  return at(listOf(at(pod, 'containers'))[0], 'name') === at(manifest, 'metadata', 'name');
}

/** The properties of a Deployment and its main container. */
export function deploymentProps(manifest: unknown): Props {
  const main = mainContainerProps(podOf(manifest));
  return {
    props: { ...main.props, ...deploymentOptions(manifest), ...templateProps(manifest), ...metadataProps(manifest) },
    uses: main.uses,
  };
}

/** A piece for one object. */
export function pieceOf(construct: string, object: SourceObject, { props, uses }: Props): Piece {
  const { name } = object.manifest.metadata;
  return { construct, name, props, uses, objects: [object], files: [] };
}

/** A Deployment: a Worker where its container has its name. */
export function recognizeDeployment(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  const name = appNameOf(manifest);
  if (name === undefined) {
    return undefined;
  }
  const pod = podOf(manifest);
  if (hasMainContainer(manifest, pod)) {
    return pieceOf('Worker', object, deploymentProps(manifest));
  }
  const containers = listOf(at(pod, 'containers')).map((container) => containerProps(container, pod));
  const around = podProps(pod);
  const { moreContainers: _, ...rest } = around.props;
  const props = {
    name,
    ...deploymentOptions(manifest),
    ...templateProps(manifest),
    ...metadataProps(manifest),
    pod: { containers: containers.map((one) => one.props), ...rest },
  };
  return pieceOf('Deployment', object, { props, uses: [...around.uses, ...containers.flatMap((one) => one.uses)] });
}

/** A StatefulSet with its own claims. */
export function recognizeStatefulSet(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  if (appNameOf(manifest) === undefined || !hasMainContainer(manifest, podOf(manifest))) {
    return undefined;
  }
  const spec = fieldsOf(manifest.spec);
  const main = mainContainerProps(podOf(manifest));
  const claims = listOf(spec.volumeClaimTemplates).map((claim) => ({
    name: textOf(at(claim, 'metadata', 'name')),
    size: textOf(at(claim, 'spec', 'resources', 'requests', 'storage')),
    storageClass: textOf(at(claim, 'spec', 'storageClassName')),
  }));
  const own = {
    service: textOf(spec.serviceName),
    replicas: replicasOf(spec.replicas),
    podManagement: textOf(spec.podManagementPolicy),
    updateStrategy: textOf(at(spec, 'updateStrategy', 'type')),
    claims: filled(claims),
  };
  return pieceOf('StatefulSet', object, {
    props: { ...main.props, ...own, ...templateProps(manifest), ...metadataProps(manifest) },
    uses: main.uses,
  });
}

/** A DaemonSet. */
export function recognizeDaemonSet(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  if (appNameOf(manifest) === undefined || !hasMainContainer(manifest, podOf(manifest))) {
    return undefined;
  }
  const main = mainContainerProps(podOf(manifest));
  const updateStrategy = textOf(at(manifest, 'spec', 'updateStrategy', 'type'));
  return pieceOf('DaemonSet', object, {
    props: { ...main.props, updateStrategy, ...templateProps(manifest), ...metadataProps(manifest) },
    uses: main.uses,
  });
}

/** A Job. */
export function recognizeJob(object: SourceObject): Piece | undefined {
  const { manifest } = object;
  const spec = fieldsOf(manifest.spec);
  const job = jobProps(manifest, spec);
  const own = { completions: numberOf(spec.completions), parallelism: numberOf(spec.parallelism) };
  return job && pieceOf('Job', object, { ...job, props: { ...job.props, ...own } });
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
  };
  return job && pieceOf('CronJob', object, { ...job, props: { name: job.props.name, ...own, ...job.props } });
}

function jobProps(manifest: unknown, spec: unknown): Props | undefined {
  const pod = at(spec, 'template', 'spec');
  if (!hasMainContainer(manifest, pod)) {
    return undefined;
  }
  const main = mainContainerProps(pod);
  const restartPolicy = textOf(at(pod, 'restartPolicy'));
  return {
    props: {
      ...main.props,
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

function deploymentOptions(manifest: unknown): Record<string, CodeValue> {
  const strategy = textOf(at(manifest, 'spec', 'strategy', 'type'));
  const history = numberOf(at(manifest, 'spec', 'revisionHistoryLimit'));
  return {
    replicas: replicasOf(at(manifest, 'spec', 'replicas')),
    strategy: strategy === 'RollingUpdate' ? undefined : strategy,
    revisionHistoryLimit: history === 10 ? undefined : history,
  };
}

function replicasOf(replicas: unknown): number | undefined {
  return replicas === 1 ? undefined : numberOf(replicas);
}

/** The label `app` is there by itself. */
function templateProps(manifest: unknown): Record<string, CodeValue> {
  const { app: _, ...labels } = fieldsOf(at(manifest, 'spec', 'template', 'metadata', 'labels'));
  return {
    podLabels: wholeOf(labels),
    podAnnotations: wholeOf(at(manifest, 'spec', 'template', 'metadata', 'annotations')),
  };
}
