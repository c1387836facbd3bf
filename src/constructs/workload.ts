import type { k8s } from 'cdk8s-plus-28';
import type { ContainerOptions, ContainerProps, MainPort } from './container.js';
import { defined } from './defined.js';
import { type Labels, labelsOf } from './labels.js';
import { type PodOptions, type PodProps, renderPod } from './pod.js';

/** Labels and annotations of an object, and its namespace where that is another one. */
export interface MetadataOptions {
  /** Another namespace than the application's. @default - the application's */
  readonly namespace?: string;
  /** @default - no labels */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - no annotations */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a workload's pods carry. */
export interface TemplateOptions {
  /**
   * The labels by which the workload finds its pods, which they have: for objects that do not use the label `app`, such as
   * `{ 'app.kubernetes.io/name': 'shop' }`. A Deployment's cannot be changed later.
   * @default - the label `app` with the workload's name
   */
  readonly selector?: Labels;
  /** Labels of pods beside those of the selector. @default - none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
}

/** What every construct that runs one main container takes: its container, its pod, and labels. */
export interface WorkloadOptions extends ContainerOptions, PodOptions, MetadataOptions, TemplateOptions {
  /** @default - the workload's name */
  readonly containerName?: string;
}

/** A workload with a name, which its main container has too. */
export interface NamedWorkload extends WorkloadOptions {
  readonly name: string;
  /** The port that the container listens on: its number, or `{ port: 8080, name: 'http' }`. @default - none is declared */
  readonly port?: MainPort;
}

/** A pod whose main container is the workload's. */
export function podOf<T extends NamedWorkload>(props: T): T & PodProps {
  // The restart policy of a Job is its pods'.
  const { restartPolicy: _, ...main }: ContainerProps = { ...props, name: props.containerName ?? props.name };
  return { ...props, containers: [main] };
}

/** The labels by which a workload finds its pods. */
export function selectorOf({ name, selector }: { readonly name: string } & TemplateOptions): Record<string, string> {
  return labelsOf(`selector of ${name}`, selector ?? name);
}

/** The metadata of an object. */
export function renderMetadata(name: string, options: MetadataOptions = {}): k8s.ObjectMeta {
  const { namespace, labels, annotations } = options;
  return defined({ name, namespace, labels: labels && { ...labels }, annotations: annotations && { ...annotations } });
}

/** The pods of a workload; they carry the labels of its selector. */
export function renderTemplate(
  options: { readonly name: string } & TemplateOptions,
  pod: PodProps,
): k8s.PodTemplateSpec {
  const { podLabels = {}, podAnnotations } = options;
  const own = selectorOf(options);
  const other = Object.keys(own).find((key) => podLabels[key] !== undefined && podLabels[key] !== own[key]);
  if (other !== undefined) {
    throw new RangeError(
      `label ${other} of pods must be "${own[other] ?? ''}", for the workload finds its pods by it: "${podLabels[other] ?? ''}"`,
    );
  }
  return {
    metadata: defined({ labels: { ...own, ...podLabels }, annotations: podAnnotations && { ...podAnnotations } }),
    spec: renderPod(pod, own),
  };
}
