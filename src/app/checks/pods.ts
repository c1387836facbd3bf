import type { Manifest } from '../manifest.js';
import { itemsAt, textsAt, valueAt } from './fields.js';

/** A pod that an object makes, or is. */
export interface PodTemplate {
  /** Where its specification is in the object, such as `spec.template.spec`. */
  readonly field: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where its labels are in the object. */
  readonly labelsField: string;
  readonly spec: unknown;
  /** All containers, those that run first before the others. */
  readonly containers: readonly PodContainer[];
}

/** One container of a pod. */
export interface PodContainer {
  /** Where it is in the object, such as `spec.template.spec.containers[0]`. */
  readonly field: string;
  readonly container: unknown;
}

/** The pod of a workload of any kind: built-in ones, and custom ones with the same form. */
export function podOf(object: Manifest): PodTemplate | undefined {
  const { spec } = object;
  if (object.kind === 'Pod' && object.apiVersion === 'v1') {
    const labels = object.metadata.labels ?? {};
    return { field: 'spec', labelsField: 'metadata.labels', labels, spec, containers: containersOf('spec', spec) };
  }
  const [field, template] =
    valueAt(spec, 'jobTemplate') === undefined
      ? ['spec.template', valueAt(spec, 'template')]
      : ['spec.jobTemplate.spec.template', valueAt(spec, 'jobTemplate', 'spec', 'template')];
  const podSpec = valueAt(template, 'spec');
  return Array.isArray(valueAt(podSpec, 'containers'))
    ? {
        field: `${field}.spec`,
        labelsField: `${field}.metadata.labels`,
        labels: textsAt(template, 'metadata', 'labels'),
        spec: podSpec,
        containers: containersOf(`${field}.spec`, podSpec),
      }
    : undefined;
}

function containersOf(field: string, spec: unknown): PodContainer[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    itemsAt(spec, list).map(([item, container]) => ({ field: `${field}.${item}`, container })),
  );
}
