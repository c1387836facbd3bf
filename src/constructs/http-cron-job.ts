import { Construct } from 'constructs';
import { CronJob, type CronOptions } from './cron-job.js';
import { type EnvironmentSource, fromSecretKey } from './environment.js';
import type { SecretKey } from './metrics.js';
import { nameOf } from './named.js';
import type { ResourcesProps } from './resources.js';
import { checkInteger } from './validation.js';
import type { NamedWorkload } from './workload.js';

/** Properties of an {@link HttpCronJob}. */
export interface HttpCronJobProps
  extends
    CronOptions,
    Pick<
      NamedWorkload,
      'labels' | 'annotations' | 'podLabels' | 'podAnnotations' | 'security' | 'podSecurity' | 'containerName'
    > {
  readonly name: string;
  /** Such as `http://friend-app:3000/api/snapshot`. */
  readonly url: string;
  /** @default POST */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as `Authorization: Bearer`. @default - no such header */
  readonly bearer?: SecretKey;
  /** Plain headers. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent. @default - nothing */
  readonly body?: string;
  /** After how many seconds the call has failed. @default 300 */
  readonly timeoutSeconds?: number;
  /** Holds `curl`, and nothing else is needed of it. @default curlimages/curl:8.11.1 */
  readonly image?: string;
  /** @default - no requests and no limits */
  readonly resources?: ResourcesProps;
}

const TOKEN = 'BEARER_TOKEN';

/** Calls an address at given times; an answer from 400 on makes the run fail. */
export class HttpCronJob extends Construct {
  readonly name: string;
  readonly cronJob: CronJob;

  constructor(scope: Construct, id: string, props: HttpCronJobProps) {
    super(scope, id);
    const { image = 'curlimages/curl:8.11.1', bearer } = props;
    const environment: EnvironmentSource[] =
      bearer === undefined ? [] : [fromSecretKey(TOKEN, nameOf(bearer.secret), bearer.key)];
    this.cronJob = new CronJob(this, 'cron-job', {
      ...props,
      image,
      command: ['curl'],
      args: argumentsOf(props),
      environment,
    });
    this.name = this.cronJob.name;
  }
}

/** The kubelet puts the token in the place of `$(...)`; text of the caller is kept from that. */
function argumentsOf({
  url,
  method = 'POST',
  bearer,
  headers = {},
  body,
  timeoutSeconds = 300,
}: HttpCronJobProps): string[] {
  if (!/^https?:\/\/[^\s]+$/.test(url)) {
    throw new RangeError(`address to call is not an http or https URL: "${url}"`);
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const unexpanded = (text: string) => text.replaceAll('$(', '$$$$(');
  return [
    '--fail',
    '--silent',
    '--show-error',
    '--max-time',
    String(checkInteger('timeout of the call', timeoutSeconds, 1, 86_400)),
    '--request',
    method,
    ...(bearer === undefined ? [] : ['--header', `Authorization: Bearer $(${TOKEN})`]),
    ...lines.flatMap((line) => ['--header', unexpanded(line)]),
    ...(body === undefined ? [] : ['--data', unexpanded(body)]),
    unexpanded(url),
  ];
}
