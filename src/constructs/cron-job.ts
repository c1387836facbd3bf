import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { ContainerOptions } from './container.js';
import { defined } from './defined.js';
import { type PodOptions, renderPod } from './pod.js';
import { checkInteger, checkLabel } from './validation.js';

/** Properties of a {@link CronJob}. */
export interface CronJobProps extends ContainerOptions, PodOptions {
  /** The name of the object and of its container; at most 52 characters, because Kubernetes adds to it. */
  readonly name: string;
  /** Five fields, such as `0 6 * * *`. */
  readonly schedule: string;
  /** Such as `Asia/Seoul`. @default - the cluster's: usually UTC */
  readonly timeZone?: string;
  /** What happens when the last run still goes. @default - the API's: Allow */
  readonly concurrency?: 'Allow' | 'Forbid' | 'Replace';
  /** How many finished jobs stay. @default - the API's: 3 */
  readonly keepSuccessful?: number;
  /** How many failed jobs stay. @default - the API's: 1 */
  readonly keepFailed?: number;
  /** What happens to a container that fails. @default OnFailure */
  readonly restartPolicy?: 'OnFailure' | 'Never';
}

/** Runs a container at given times. */
export class CronJob extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: CronJobProps) {
    super(scope, id);
    this.name = checkLabel('cron job name', props.name);
    if (this.name.length > 52) {
      throw new RangeError(`cron job name has more than 52 characters: "${this.name}"`);
    }
    new k8s.KubeCronJob(this, 'cron-job', {
      metadata: { name: this.name },
      spec: defined({
        schedule: checkSchedule(props.schedule),
        timeZone: props.timeZone,
        concurrencyPolicy: props.concurrency,
        successfulJobsHistoryLimit: checkHistory(props.keepSuccessful),
        failedJobsHistoryLimit: checkHistory(props.keepFailed),
        jobTemplate: { spec: { template: { spec: podOf(props) } } },
      }),
    });
  }
}

function podOf(props: CronJobProps): k8s.PodSpec {
  const { name, image, command, args, environment, resources, mounts } = props;
  const { initContainers, pullSecrets, enableServiceLinks, restartPolicy = 'OnFailure' } = props;
  return renderPod(
    defined({
      containers: [defined({ name, image, command, args, environment, resources, mounts })],
      initContainers,
      pullSecrets,
      enableServiceLinks,
      restartPolicy,
    }),
  );
}

function checkSchedule(schedule: string): string {
  if (!/^(@(yearly|monthly|weekly|daily|hourly)|([\d*/,A-Za-z-]+ ){4}[\d*/,A-Za-z-]+)$/.test(schedule)) {
    throw new RangeError(`schedule has not five fields such as 0 6 * * *: "${schedule}"`);
  }
  return schedule;
}

function checkHistory(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : checkInteger('number of kept jobs', limit, 0, 1000);
}
