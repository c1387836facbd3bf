import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { environmentOf } from './environment.js';
import {
  amountOf,
  at,
  filled,
  flagOf,
  numberOf,
  numberOrText,
  type Props,
  someOf,
  textOf,
  unless,
  wholeOf,
} from './values.js';
import { mountsOf } from './volumes.js';

/** A container as the constructs take it, with its name. */
export function containerProps(container: unknown, pod: unknown): Props {
  const { name, image, imagePullPolicy, command, args, workingDir, ports, lifecycle } = fieldsOf(container);
  const environment = environmentOf(container);
  const mounts = mountsOf(container, pod);
  const [port, more] = portsOf(listOf(ports));
  return {
    props: {
      name: String(name),
      image: String(image),
      imagePullPolicy: pullPolicyOf(String(image), imagePullPolicy),
      port,
      ports: filled(more),
      command: wholeOf(command),
      args: wholeOf(args),
      workingDirectory: textOf(workingDir),
      environment: environment.value,
      resources: someOf({
        requests: amountsOf(at(container, 'resources', 'requests')),
        limits: amountsOf(at(container, 'resources', 'limits')),
      }),
      probes: someOf({
        readiness: probeOf(at(container, 'readinessProbe'), portNumberOf(port)),
        liveness: probeOf(at(container, 'livenessProbe'), portNumberOf(port)),
        startup: probeOf(at(container, 'startupProbe'), portNumberOf(port)),
      }),
      mounts,
      security: securityOf(at(container, 'securityContext')),
      postStart: actionOf(at(lifecycle, 'postStart')),
      preStop: actionOf(at(lifecycle, 'preStop')),
      stdin: flagOf(at(container, 'stdin')),
      tty: flagOf(at(container, 'tty')),
    },
    uses: [...environment.uses, ...(mounts === undefined ? [] : ['Volume'])],
  };
}

/** The first port is the main one: its number where it has nothing else. */
function portsOf(ports: readonly unknown[]): readonly [CodeValue, readonly CodeValue[]] {
  const [main, ...more] = ports.map((port) => {
    const { containerPort, name, protocol, hostPort, hostIP } = fieldsOf(port);
    return {
      port: numberOf(containerPort),
      name: textOf(name),
      protocol: unless('TCP', protocol),
      hostPort: numberOf(hostPort),
      hostIp: textOf(hostIP),
    };
  });
  const isNumber = main !== undefined && Object.values(main).filter((value) => value !== undefined).length === 1;
  return [isNumber ? main.port : main, more];
}

/** The number of a main port. */
export function portNumberOf(port: CodeValue): number | undefined {
  return numberOf(port) ?? numberOf(at(port, 'port'));
}

function pullPolicyOf(image: string, policy: unknown): string | undefined {
  const name = image.slice(image.lastIndexOf('/') + 1);
  const isPinned = name.includes('@') || (name.includes(':') && !name.endsWith(':latest'));
  return policy === (isPinned ? 'IfNotPresent' : 'Always') ? undefined : textOf(policy);
}

function actionOf(action: unknown): CodeValue {
  const { httpGet, exec } = fieldsOf(action);
  return httpGet === undefined
    ? wholeOf(at(exec, 'command'))
    : { httpPath: textOf(at(httpGet, 'path')), port: numberOrText(at(httpGet, 'port')) };
}

function amountsOf(amounts: unknown): CodeValue {
  return someOf(
    Object.fromEntries(Object.entries(fieldsOf(amounts)).map(([kind, amount]) => [kind, amountOf(amount)])),
  );
}

function probeOf(probe: unknown, mainPort: number | undefined): CodeValue {
  const { httpGet, tcpSocket, grpc, exec } = fieldsOf(probe);
  const timing = {
    initialDelaySeconds: timeOf(probe, 'initialDelaySeconds', 0),
    periodSeconds: timeOf(probe, 'periodSeconds', 10),
    timeoutSeconds: timeOf(probe, 'timeoutSeconds', 1),
    failureThreshold: timeOf(probe, 'failureThreshold', 3),
    successThreshold: timeOf(probe, 'successThreshold', 1),
    terminationGracePeriodSeconds: numberOf(at(probe, 'terminationGracePeriodSeconds')),
  };
  if (httpGet !== undefined) {
    const port = numberOrText(at(httpGet, 'port'));
    const headers = listOf(at(httpGet, 'httpHeaders')).map((one) => [at(one, 'name'), at(one, 'value')] as const);
    const scheme = textOf(at(httpGet, 'scheme'));
    return someOf({
      httpPath: textOf(at(httpGet, 'path')) ?? '/',
      port: port === mainPort ? undefined : port,
      scheme: scheme === 'HTTP' ? undefined : scheme,
      headers: headers.length === 0 ? undefined : (Object.fromEntries(headers) as CodeValue),
      ...timing,
    });
  }
  if (tcpSocket !== undefined) {
    return someOf({ tcpPort: numberOrText(at(tcpSocket, 'port')), ...timing });
  }
  if (grpc !== undefined) {
    return someOf({ grpcPort: numberOf(at(grpc, 'port')), grpcService: textOf(at(grpc, 'service')), ...timing });
  }
  return exec === undefined ? undefined : someOf({ command: wholeOf(at(exec, 'command')), ...timing });
}

function timeOf(probe: unknown, field: string, usual: number): number | undefined {
  const value = numberOf(at(probe, field));
  return value === usual ? undefined : value;
}

function securityOf(context: unknown): CodeValue {
  const { capabilities, seccompProfile, ...rest } = fieldsOf(context);
  return someOf({
    ...pick(rest, ['runAsUser', 'runAsGroup']),
    runAsNonRoot: flagOf(rest.runAsNonRoot),
    readOnlyRootFilesystem: flagOf(rest.readOnlyRootFilesystem),
    allowPrivilegeEscalation: flagOf(rest.allowPrivilegeEscalation),
    privileged: flagOf(rest.privileged),
    addCapabilities: wholeOf(at(capabilities, 'add')),
    dropCapabilities: wholeOf(at(capabilities, 'drop')),
    seccomp: seccompOf(seccompProfile),
    seLinux: wholeOf(rest.seLinuxOptions),
    procMount: textOf(rest.procMount),
  });
}

/** A seccomp profile by its type, or by the file of one of the node's own. */
export function seccompOf(profile: unknown): CodeValue {
  const localhost = textOf(at(profile, 'localhostProfile'));
  return localhost === undefined ? textOf(at(profile, 'type')) : { localhost };
}

/** The numbers among some fields. */
export function pick(fields: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, CodeValue> {
  return Object.fromEntries(keys.map((key) => [key, numberOf(fields[key])]));
}
