import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { HOOK_ANNOTATION, type HookPhase, LONGEST_HOOK_NAME } from '../app/stages.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { renderPod } from './pod.js';
import { checkInteger, checkLabel } from './validation.js';
import { type NamedWorkload, podOf, renderMetadata } from './workload.js';

/** How often and how long a job's container runs. */
export interface JobOptions {
  /** How often it is tried again. @default - the API's: 6 */
  readonly retries?: number;
  /** After how many seconds it is ended. @default - never */
  readonly deadlineSeconds?: number;
  /** After how many seconds a finished job is deleted. @default - it stays */
  readonly ttlSecondsAfterFinished?: number;
  /** What happens to a container that fails. @default OnFailure */
  readonly restartPolicy?: 'OnFailure' | 'Never';
  /** How many pods must succeed. @default - the API's: 1 */
  readonly completions?: number;
  /** How many pods run at once. @default - the API's: 1 */
  readonly parallelism?: number;
}

/** Properties of a {@link Job}. */
export interface JobProps extends NamedWorkload, JobOptions {
  /**
   * Runs it anew with each sync of another definition or other images of the application: before all else is applied (`pre-sync`), in its wave (`sync`),
   * or after the application is Healthy (`post-sync`). Not for repairs, rollbacks and restarts of the daemon. Its deadline is 10 minutes unless it says
   * another. Its name has at most 52 characters, because a hash follows.
   * @default - it runs once
   */
  readonly hook?: HookPhase;
}

const HOOK_DEADLINE_SECONDS = 600;

/**
 * Runs a container to its end, once. A Job cannot be changed: give another one another name, such as one with the version of what it does, or make it a
 * hook.
 */
export class Job extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeJobProps>;

  constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id);
    this.name = checkLabel('job name', props.name);
    const { hook } = props;
    const options = hook === undefined ? props : { deadlineSeconds: HOOK_DEADLINE_SECONDS, ...props };
    this.object = new KubeObject(this, 'job', k8s.KubeJob, {
      metadata: renderMetadata(this.name, props),
      spec: renderJob(options),
    });
    if (hook !== undefined) {
      checkHook(props);
      this.object.annotate({ [HOOK_ANNOTATION]: hook });
    }
  }
}

function checkHook({ name, ttlSecondsAfterFinished }: JobProps): void {
  if (name.length > LONGEST_HOOK_NAME) {
    throw new RangeError(`job name of a hook has more than ${LONGEST_HOOK_NAME} characters: "${name}"`);
  }
  if (ttlSecondsAfterFinished !== undefined) {
    throw new RangeError(
      `hook "${name}" must not have ttlSecondsAfterFinished: one that is deleted cannot be seen to have ended; the next sync deletes it`,
    );
  }
}

/** What a Job and the jobs of a CronJob have in common. Their pods have only the labels that were asked for. */
export function renderJob(props: NamedWorkload & JobOptions): k8s.JobSpec {
  const { retries, deadlineSeconds, ttlSecondsAfterFinished, restartPolicy = 'OnFailure' } = props;
  const metadata = defined({
    labels: props.podLabels && { ...props.podLabels },
    annotations: props.podAnnotations && { ...props.podAnnotations },
  });
  return defined({
    completions: props.completions,
    parallelism: props.parallelism,
    backoffLimit: retries === undefined ? undefined : checkInteger('retries', retries, 0, 1000),
    activeDeadlineSeconds: deadlineSeconds,
    ttlSecondsAfterFinished,
    template: defined({
      metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
      spec: renderPod({ ...podOf(props), restartPolicy }),
    }),
  });
}
