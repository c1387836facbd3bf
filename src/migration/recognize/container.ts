import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { environmentOf } from './environment.js';
import { amountOf, at, filled, flagOf, numberOf, type Props, someOf, textOf, wholeOf } from './values.js';
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
        readiness: probeOf(at(container, 'readinessProbe'), port),
        liveness: probeOf(at(container, 'livenessProbe'), port),
        startup: probeOf(at(container, 'startupProbe'), port),
      }),
      mounts,
      security: securityOf(at(container, 'securityContext')),
      postStart: wholeOf(at(lifecycle, 'postStart', 'exec', 'command')),
      preStop: wholeOf(at(lifecycle, 'preStop', 'exec', 'command')),
    },
    uses: [...environment.uses, ...(mounts === undefined ? [] : ['Volume'])],
  };
}

/** The main port is one without a name; the others are written out. */
function portsOf(ports: readonly unknown[]): readonly [number | undefined, readonly CodeValue[]] {
  const [first, ...rest] = ports;
  const fields = fieldsOf(first);
  const isMain = Object.entries(fields).every(
    ([key, value]) => key === 'containerPort' || (key === 'protocol' && value === 'TCP'),
  );
  const main = isMain ? numberOf(fields.containerPort) : undefined;
  const more = (main === undefined ? ports : rest).map((port) => {
    const { containerPort, name, protocol, hostPort } = fieldsOf(port);
    return {
      name: textOf(name),
      port: numberOf(containerPort),
      protocol: protocol === 'TCP' ? undefined : textOf(protocol),
      hostPort: numberOf(hostPort),
    };
  });
  return [main, more];
}

function pullPolicyOf(image: string, policy: unknown): string | undefined {
  const name = image.slice(image.lastIndexOf('/') + 1);
  const isPinned = name.includes('@') || (name.includes(':') && !name.endsWith(':latest'));
  return policy === (isPinned ? 'IfNotPresent' : 'Always') ? undefined : textOf(policy);
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
  };
  if (httpGet !== undefined) {
    const port = numberOf(at(httpGet, 'port'));
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
    return someOf({ tcpPort: numberOf(at(tcpSocket, 'port')), ...timing });
  }
  if (grpc !== undefined) {
    return someOf({ grpcPort: numberOf(at(grpc, 'port')), ...timing });
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
    seccomp: textOf(at(seccompProfile, 'type')),
  });
}

/** The numbers among some fields. */
export function pick(fields: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, CodeValue> {
  return Object.fromEntries(keys.map((key) => [key, numberOf(fields[key])]));
}
