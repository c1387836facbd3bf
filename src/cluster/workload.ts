import { groupOf, type ObjectRef } from '../app/manifest.js';
import { countAt, fieldOf, findCondition, isRecord, itemsAt, textAt, type KubeObject } from './kube-object.js';

type Labels = Readonly<Record<string, string>>;

/** Which pods belong to the current rollout of a workload. */
export interface PodSelection {
  readonly namespace: string;
  readonly matches: (labels: Labels) => boolean;
}

const WORKLOADS: ReadonlySet<string> = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job']);

/**
 * The pods of a workload's current rollout. Undefined for other kinds, and while its controller has not seen the newest change:
 * the pods that exist then belong to an earlier rollout.
 */
export function findPodSelection(object: KubeObject, ref: ObjectRef): PodSelection | undefined {
  const { namespace = object.metadata.namespace } = ref;
  /** A Job's pods never change, and its controller does not say what it has seen. */
  const isObserved =
    ref.kind === 'Job' || (object.metadata.generation ?? 0) <= countAt(object, 'status', 'observedGeneration');
  if (!WORKLOADS.has(`${groupOf(ref.apiVersion)}/${ref.kind}`) || namespace === undefined || !isObserved) {
    return undefined;
  }
  const selects = selectorOf(fieldOf(object, 'spec', 'selector'));
  const revision = findRevision(object, ref);
  const isCurrent = (labels: Labels): boolean => {
    const found = revision === undefined ? undefined : labels[revision.label];
    return found === undefined || found === revision?.value;
  };
  return { namespace, matches: (labels) => selects(labels) && isCurrent(labels) };
}

/** The label by which the pods of the newest rollout are told from older ones; undefined where the object does not say it. */
function findRevision(object: KubeObject, { kind, name }: ObjectRef): { label: string; value: string } | undefined {
  if (kind === 'Deployment') {
    const replicaSet = /ReplicaSet "([^"]+)"/i.exec(findCondition(object, 'Progressing')?.message ?? '')?.[1];
    return replicaSet?.startsWith(`${name}-`) === true
      ? { label: 'pod-template-hash', value: replicaSet.slice(name.length + 1) }
      : undefined;
  }
  if (kind === 'Job') {
    return undefined;
  }
  if (kind === 'StatefulSet') {
    const value = textAt(object, 'status', 'updateRevision');
    return value === undefined ? undefined : { label: 'controller-revision-hash', value };
  }
  const value = object.metadata.annotations?.['deprecated.daemonset.template.generation'];
  return value === undefined ? undefined : { label: 'pod-template-generation', value };
}

/** A label selector as a function. Rule: `metav1.LabelSelector`; an empty one selects everything. */
export function selectorOf(selector: unknown): (labels: Labels) => boolean {
  const wanted = fieldOf(selector, 'matchLabels');
  const pairs = isRecord(wanted) ? Object.entries(wanted) : [];
  const expressions = itemsAt(selector, 'matchExpressions');
  return (labels) =>
    pairs.every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => isMet(expression, labels));
}

function isMet(expression: unknown, labels: Labels): boolean {
  const value = labels[textAt(expression, 'key') ?? ''];
  const isListed = itemsAt(expression, 'values').includes(value);
  const rules: Readonly<Record<string, boolean>> = {
    In: isListed,
    NotIn: !isListed,
    Exists: value !== undefined,
    DoesNotExist: value === undefined,
  };
  return rules[textAt(expression, 'operator') ?? ''] ?? false;
}
