import { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { checkLabel, checkPort } from './validation.js';

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
  /** How often a readiness probe must succeed. @default - the API's: 1 */
  readonly successThreshold?: number;
  /** How long the container may take to stop after a failed liveness or startup probe. @default - the pod's */
  readonly terminationGracePeriodSeconds?: number;
}

/** A question by HTTP; an answer from 200 to 399 is a success. */
export interface HttpProbe extends ProbeTiming {
  readonly httpPath: string;
  /** Its number, or its name among the container's ports. @default - the number of the container's main port */
  readonly port?: number | string;
  /** @default - the API's: HTTP */
  readonly scheme?: 'HTTP' | 'HTTPS';
  /** @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A port that must be open. */
export interface TcpProbe extends ProbeTiming {
  /** Its number, or its name among the container's ports. */
  readonly tcpPort: number | string;
}

/** A port that must answer the gRPC health protocol. */
export interface GrpcProbe extends ProbeTiming {
  readonly grpcPort: number;
  /** The service that is asked for. @default - the server as a whole */
  readonly grpcService?: string;
}

/** A command in the container that must end with 0. */
export interface CommandProbe extends ProbeTiming {
  readonly command: readonly string[];
}

/** One question to a container. */
export type ProbeProps = HttpProbe | TcpProbe | GrpcProbe | CommandProbe;

/** The three questions that Kubernetes asks. */
export interface ProbesProps {
  /** A failure takes the pod out of its Services. @default - none */
  readonly readiness?: ProbeProps;
  /** A failure restarts the container. @default - none */
  readonly liveness?: ProbeProps;
  /** The others wait for its success. @default - none */
  readonly startup?: ProbeProps;
}

/**
 * The probe fields of a container.
 * @param port the container's main port
 */
export function renderProbes(
  { readiness, liveness, startup }: ProbesProps,
  port?: number,
): Pick<k8s.Container, 'readinessProbe' | 'livenessProbe' | 'startupProbe'> {
  return defined({
    readinessProbe: readiness && renderProbe(readiness, port),
    livenessProbe: liveness && renderProbe(liveness, port),
    startupProbe: startup && renderProbe(startup, port),
  });
}

function renderProbe(props: ProbeProps, mainPort: number | undefined): k8s.Probe {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold, successThreshold } = props;
  const { terminationGracePeriodSeconds } = props;
  const timing = defined({
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
    successThreshold,
    terminationGracePeriodSeconds,
  });
  if ('httpPath' in props) {
    return { ...timing, httpGet: renderHttp(props, mainPort) };
  }
  if ('tcpPort' in props) {
    return { ...timing, tcpSocket: { port: portOf(props.tcpPort) } };
  }
  return 'grpcPort' in props
    ? { ...timing, grpc: defined({ port: checkPort('probe port', props.grpcPort), service: props.grpcService }) }
    : { ...timing, exec: { command: [...props.command] } };
}

function renderHttp({ httpPath, port, scheme, headers }: HttpProbe, mainPort: number | undefined): k8s.HttpGetAction {
  if (!httpPath.startsWith('/')) {
    throw new RangeError(`probe path does not start with "/": "${httpPath}"`);
  }
  const asked = port ?? mainPort;
  if (asked === undefined) {
    throw new RangeError(`probe of "${httpPath}" has no port, and its container has none either`);
  }
  return defined({
    path: httpPath,
    port: portOf(asked),
    scheme,
    httpHeaders: headers && Object.entries(headers).map(([name, value]) => ({ name, value })),
  });
}

function portOf(port: number | string): k8s.IntOrString {
  return typeof port === 'number'
    ? k8s.IntOrString.fromNumber(checkPort('probe port', port))
    : k8s.IntOrString.fromString(checkLabel('probe port', port));
}
