import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { containerProps, pick } from './container.js';
import { at, filled, flagOf, numberOf, type Props, someOf, textOf, wholeOf } from './values.js';

/** What a pod has beside its main container, as the constructs take it. */
export function podProps(pod: unknown): Props {
  const before = listOf(at(pod, 'initContainers'));
  const isSidecar = (container: unknown): boolean => at(container, 'restartPolicy') === 'Always';
  const render = (containers: readonly unknown[]): readonly Props[] =>
    containers.map((container) => containerProps(container, pod));
  const initContainers = render(before.filter((container) => !isSidecar(container)));
  const sidecars = render(before.filter(isSidecar));
  const moreContainers = render(listOf(at(pod, 'containers')).slice(1));
  const fields = fieldsOf(pod);
  const propsOf = (list: readonly Props[]): CodeValue => filled(list.map(({ props }) => props));
  return {
    props: {
      initContainers: propsOf(initContainers),
      sidecars: propsOf(sidecars),
      moreContainers: propsOf(moreContainers),
      pullSecrets: filled(listOf(fields.imagePullSecrets).map((secret) => String(at(secret, 'name')))),
      serviceAccount: textOf(fields.serviceAccountName),
      mountServiceAccountToken: flagOf(fields.automountServiceAccountToken),
      enableServiceLinks: fields.enableServiceLinks === true ? undefined : flagOf(fields.enableServiceLinks),
      podSecurity: podSecurityOf(fields.securityContext),
      nodeSelector: wholeOf(fields.nodeSelector),
      tolerations: filled(listOf(fields.tolerations).map(tolerationOf)),
      hostNetwork: flagOf(fields.hostNetwork),
      hostPid: flagOf(fields.hostPID),
      dnsPolicy: fields.dnsPolicy === 'ClusterFirst' ? undefined : textOf(fields.dnsPolicy),
      priorityClass: textOf(fields.priorityClassName),
      terminationGracePeriodSeconds: graceOf(fields.terminationGracePeriodSeconds),
    },
    uses: [...initContainers, ...sidecars, ...moreContainers].flatMap(({ uses }) => uses),
  };
}

/** The main container and the pod around it, for constructs whose container has the workload's name. */
export function mainContainerProps(pod: unknown): Props {
  const main = containerProps(listOf(at(pod, 'containers'))[0], pod);
  const around = podProps(pod);
  return { props: { ...main.props, ...around.props }, uses: [...main.uses, ...around.uses] };
}

function graceOf(seconds: unknown): number | undefined {
  return seconds === 30 ? undefined : numberOf(seconds);
}

function podSecurityOf(context: unknown): CodeValue {
  const { seccompProfile, supplementalGroups, sysctls, runAsNonRoot, fsGroupChangePolicy, ...rest } = fieldsOf(context);
  const parameters = listOf(sysctls).map((one) => [String(at(one, 'name')), String(at(one, 'value'))] as const);
  return someOf({
    ...pick(rest, ['runAsUser', 'runAsGroup', 'fsGroup']),
    runAsNonRoot: flagOf(runAsNonRoot),
    fsGroupChangePolicy: textOf(fsGroupChangePolicy),
    supplementalGroups: wholeOf(supplementalGroups),
    sysctls: parameters.length === 0 ? undefined : Object.fromEntries(parameters),
    seccomp: textOf(at(seccompProfile, 'type')),
  });
}

function tolerationOf(toleration: unknown): CodeValue {
  const { key, value, effect } = fieldsOf(toleration);
  return { key: textOf(key), value: textOf(value), effect: textOf(effect) };
}
