import { groupOf, type Manifest } from '../manifest.js';
import type { Check } from './check.js';
import { entriesAt, itemsAt, textAt } from './fields.js';
import {
  CONFIG_KEY,
  DNS_LABEL,
  DNS_SUBDOMAIN,
  keepsTo,
  type NameRule,
  PORT_NAME,
  SERVICE_NAME,
  shortened,
} from './name-rules.js';
import type { PodTemplate } from './pods.js';
import type { Subject } from './program.js';

/** A name of an object, container, volume, port or key that the API server would refuse. */
export const invalidName: Check = {
  rule: 'invalid-name',
  severity: 'error',
  find: (program) =>
    program.subjects.flatMap((subject) =>
      namesIn(subject)
        .filter(({ name, rule }) => !keepsTo(rule, name))
        .map(({ name, rule, field }) => {
          const message = `"${name}" is not ${rule.words}`;
          return { app: subject.app, object: subject.object, field, message };
        }),
    ),
};

interface Name {
  readonly name: string;
  readonly rule: NameRule;
  readonly field: string;
}

/** Kinds with a rule of their own. A CronJob's Jobs get 11 more characters; a Job's name becomes a label of its pods. */
const KIND_RULES: Readonly<Record<string, NameRule>> = {
  'core/Service': SERVICE_NAME,
  'core/Namespace': DNS_LABEL,
  'batch/CronJob': shortened(DNS_SUBDOMAIN, 52),
  'batch/Job': shortened(DNS_SUBDOMAIN, 63),
};

/** Groups whose names may hold more, such as `system:node`. */
const FREE_GROUPS = new Set(['rbac.authorization.k8s.io', 'certificates.k8s.io', 'flowcontrol.apiserver.k8s.io']);

function namesIn({ object, kind, pod }: Subject): Name[] {
  const isFree = FREE_GROUPS.has(groupOf(object.apiVersion));
  const own = { name: object.metadata.name, rule: KIND_RULES[kind] ?? DNS_SUBDOMAIN, field: 'metadata.name' };
  return [
    ...(isFree ? [] : [own]),
    ...(kind === 'core/Service' ? portNames(object) : []),
    ...(kind === 'core/ConfigMap' || kind === 'core/Secret' ? keyNames(object) : []),
    ...(pod === undefined ? [] : podNames(pod)),
  ];
}

function portNames(object: Manifest): Name[] {
  return itemsAt(object, 'spec', 'ports').flatMap(([field, port]) => nameAt(port, 'name', field, DNS_LABEL));
}

function keyNames(object: Manifest): Name[] {
  return ['data', 'stringData', 'binaryData'].flatMap((part) =>
    entriesAt(object, part).map(([name]) => ({ name, rule: CONFIG_KEY, field: part })),
  );
}

function podNames(pod: PodTemplate): Name[] {
  return [
    ...itemsAt(pod.spec, 'volumes').flatMap(([field, volume]) =>
      nameAt(volume, 'name', `${pod.field}.${field}`, DNS_LABEL),
    ),
    ...pod.containers.flatMap(({ field, container }) => [
      ...nameAt(container, 'name', field, DNS_LABEL),
      ...itemsAt(container, 'ports').flatMap(([item, port]) => nameAt(port, 'name', `${field}.${item}`, PORT_NAME)),
    ]),
  ];
}

function nameAt(value: unknown, key: string, field: string, rule: NameRule): Name[] {
  const name = textAt(value, key);
  return name === undefined ? [] : [{ name, rule, field: `${field}.${key}` }];
}
