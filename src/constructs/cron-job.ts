import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { type JobOptions, renderJob } from './job.js';
import { KubeObject } from './kube-object.js';
import { checkInteger, checkLabel } from './validation.js';
import { type NamedWorkload, renderMetadata } from './workload.js';

/** When a {@link CronJob} runs. */
export interface CronOptions extends JobOptions {
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
  /** How late a run may start, in seconds. @default - any time */
  readonly startingDeadlineSeconds?: number;
  /** Whether no runs start. @default - the API's: false */
  readonly suspend?: boolean;
  /** Labels of the jobs. @default - none */
  readonly jobLabels?: Readonly<Record<string, string>>;
  /** Annotations of the jobs. @default - none */
  readonly jobAnnotations?: Readonly<Record<string, string>>;
}

/** Properties of a {@link CronJob}. */
export interface CronJobProps extends NamedWorkload, CronOptions {
  /** The name of the object and of its container; at most 52 characters, because Kubernetes adds to it. */
  readonly name: string;
}

/** Runs a container at given times. */
export class CronJob extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeCronJobProps>;

  constructor(scope: Construct, id: string, props: CronJobProps) {
    super(scope, id);
    this.name = checkLabel('cron job name', props.name);
    if (this.name.length > 52) {
      throw new RangeError(`cron job name has more than 52 characters: "${this.name}"`);
    }
    this.object = new KubeObject(this, 'cron-job', k8s.KubeCronJob, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        schedule: checkSchedule(props.schedule),
        timeZone: props.timeZone,
        concurrencyPolicy: props.concurrency,
        startingDeadlineSeconds: props.startingDeadlineSeconds,
        suspend: props.suspend,
        successfulJobsHistoryLimit: checkHistory(props.keepSuccessful),
        failedJobsHistoryLimit: checkHistory(props.keepFailed),
        jobTemplate: defined({ metadata: jobMetadata(props), spec: renderJob(props) }),
      }),
    });
  }
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

function jobMetadata({ jobLabels, jobAnnotations }: CronOptions): k8s.ObjectMeta | undefined {
  return jobLabels === undefined && jobAnnotations === undefined
    ? undefined
    : defined({ labels: jobLabels && { ...jobLabels }, annotations: jobAnnotations && { ...jobAnnotations } });
}
