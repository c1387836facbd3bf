import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { containerProps, pick, seccompOf } from './container.js';
import { appOf, at, filled, flagOf, numberOf, type Props, someOf, textOf, unless, wholeOf } from './values.js';
import { unmountedVolumes } from './volumes.js';

/** What a pod has beside its main container, as the constructs take it. */
export function podProps(pod: unknown): Props {
  const before = listOf(at(pod, 'initContainers'));
  const isSidecar = (container: unknown): boolean => at(container, 'restartPolicy') === 'Always';
  const last = before.findLastIndex((container) => !isSidecar(container)) + 1;
  const render = (containers: readonly unknown[]): readonly Props[] =>
    containers.map((container) => containerProps(container, pod));
  const initContainers = render(before.slice(0, last));
  const sidecars = render(before.slice(last));
  const moreContainers = render(listOf(at(pod, 'containers')).slice(1));
  const fields = fieldsOf(pod);
  const unmounted = unmountedVolumes(pod);
  const propsOf = (list: readonly Props[]): CodeValue => filled(list.map(({ props }) => props));
  return {
    props: {
      initContainers: propsOf(initContainers),
      sidecars: propsOf(sidecars),
      moreContainers: propsOf(moreContainers),
      pullSecrets: filled(listOf(fields.imagePullSecrets).map((secret) => String(at(secret, 'name')))),
      serviceAccount: textOf(fields.serviceAccountName ?? fields.serviceAccount),
      mountServiceAccountToken: flagOf(fields.automountServiceAccountToken),
      enableServiceLinks: fields.enableServiceLinks === true ? undefined : flagOf(fields.enableServiceLinks),
      podSecurity: podSecurityOf(fields.securityContext),
      nodeSelector: wholeOf(fields.nodeSelector),
      tolerations: filled(listOf(fields.tolerations).map(tolerationOf)),
      hostNetwork: flagOf(fields.hostNetwork),
      hostPid: flagOf(fields.hostPID),
      hostIpc: flagOf(fields.hostIPC),
      shareProcessNamespace: flagOf(fields.shareProcessNamespace),
      hostname: textOf(fields.hostname),
      subdomain: textOf(fields.subdomain),
      hostAliases: hostAliasesOf(fields.hostAliases),
      dnsConfig: dnsConfigOf(fields.dnsConfig),
      affinity: wholeOf(fields.affinity),
      topologySpread: filled(listOf(fields.topologySpreadConstraints).map(spreadOf)),
      runtimeClass: textOf(fields.runtimeClassName),
      scheduler: unless('default-scheduler', fields.schedulerName),
      volumes: filled(unmounted),
      dnsPolicy: fields.dnsPolicy === 'ClusterFirst' ? undefined : textOf(fields.dnsPolicy),
      priorityClass: textOf(fields.priorityClassName),
      terminationGracePeriodSeconds: graceOf(fields.terminationGracePeriodSeconds),
    },
    uses: [
      ...[...initContainers, ...sidecars, ...moreContainers].flatMap(({ uses }) => uses),
      ...(unmounted.length === 0 ? [] : ['Volume']),
    ],
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
    seccomp: seccompOf(seccompProfile),
    seLinux: wholeOf(rest.seLinuxOptions),
  });
}

function tolerationOf(toleration: unknown): CodeValue {
  const { key, operator, value, effect, tolerationSeconds } = fieldsOf(toleration);
  const usual = value === undefined ? 'Exists' : 'Equal';
  return {
    key: textOf(key),
    operator: operator === undefined ? null : unless(usual, operator),
    value: textOf(value),
    effect: textOf(effect),
    seconds: numberOf(tolerationSeconds),
  };
}

function hostAliasesOf(aliases: unknown): CodeValue {
  const entries = listOf(aliases).map((one) => [String(at(one, 'ip')), wholeOf(at(one, 'hostnames'))] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function dnsConfigOf(config: unknown): CodeValue {
  const options = listOf(at(config, 'options')).map(
    (one) => [String(at(one, 'name')), textOf(at(one, 'value')) ?? ''] as const,
  );
  return someOf({
    nameservers: wholeOf(at(config, 'nameservers')),
    searches: wholeOf(at(config, 'searches')),
    options: options.length === 0 ? undefined : Object.fromEntries(options),
  });
}

function spreadOf(constraint: unknown): CodeValue {
  const { topologyKey, maxSkew, whenUnsatisfiable, labelSelector } = fieldsOf(constraint);
  return {
    topologyKey: textOf(topologyKey),
    maxSkew: maxSkew === 1 ? undefined : numberOf(maxSkew),
    whenUnsatisfiable: textOf(whenUnsatisfiable),
    app: appOf(at(labelSelector, 'matchLabels')),
  };
}
