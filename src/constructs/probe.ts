import { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { checkPort } from './validation.js';

/** When and how often a container is asked how it is; times are in seconds. */
export interface ProbeTiming {
  /** @default - the API's: 0 */
  readonly initialDelaySeconds?: number;
  /** @default - the API's: 10 */
  readonly periodSeconds?: number;
  /** @default - the API's: 1 */
  readonly timeoutSeconds?: number;
  /** @default - the API's: 3 */
  readonly failureThreshold?: number;
}

/** One question to a container: an HTTP path, an open TCP port, or a command. */
export type ProbeProps = ProbeTiming &
  (
    | { readonly httpPath: string; readonly port: number }
    | { readonly tcpPort: number }
    | { readonly command: readonly string[] }
  );

/** The three questions that Kubernetes asks. */
export interface ProbesProps {
  /** A failure takes the pod out of its Services. @default - none */
  readonly readiness?: ProbeProps;
  /** A failure restarts the container. @default - none */
  readonly liveness?: ProbeProps;
  /** The others wait for its success. @default - none */
  readonly startup?: ProbeProps;
}

/** The probe fields of a container. */
export function renderProbes({
  readiness,
  liveness,
  startup,
}: ProbesProps): Pick<k8s.Container, 'readinessProbe' | 'livenessProbe' | 'startupProbe'> {
  return defined({
    readinessProbe: readiness && renderProbe(readiness),
    livenessProbe: liveness && renderProbe(liveness),
    startupProbe: startup && renderProbe(startup),
  });
}

function renderProbe(props: ProbeProps): k8s.Probe {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold } = props;
  const timing = defined({ initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold });
  if ('httpPath' in props) {
    const port = k8s.IntOrString.fromNumber(checkPort('probe port', props.port));
    return { ...timing, httpGet: { path: props.httpPath, port } };
  }
  return 'tcpPort' in props
    ? { ...timing, tcpSocket: { port: k8s.IntOrString.fromNumber(checkPort('probe port', props.tcpPort)) } }
    : { ...timing, exec: { command: [...props.command] } };
}
