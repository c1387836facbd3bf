import type { k8s } from 'cdk8s-plus-28';
import type { ContainerOptions } from './container.js';
import { defined } from './defined.js';
import { type PodOptions, type PodProps, renderPod } from './pod.js';

/** Labels and annotations of an object. */
export interface MetadataOptions {
  /** @default - no labels */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - no annotations */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a workload's pods carry. */
export interface TemplateOptions {
  /** Labels of pods beside `app`. @default - none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
}

/** What every construct that runs one main container takes: its container, its pod, and labels. */
export interface WorkloadOptions extends ContainerOptions, PodOptions, MetadataOptions, TemplateOptions {}

/** A workload with a name, which its main container has too. */
export interface NamedWorkload extends WorkloadOptions {
  readonly name: string;
  /** The port that the container listens on. @default - none is declared */
  readonly port?: number;
}

/** A pod whose main container is the workload's. */
export function podOf<T extends NamedWorkload>(props: T): T & PodProps {
  return { ...props, containers: [props] };
}

/** The metadata of an object. */
export function renderMetadata(name: string, { labels, annotations }: MetadataOptions = {}): k8s.ObjectMeta {
  return defined({ name, labels: labels && { ...labels }, annotations: annotations && { ...annotations } });
}

/** The pods of a workload; they carry the label `app`. */
export function renderTemplate(app: string, pod: PodProps, options: TemplateOptions = {}): k8s.PodTemplateSpec {
  const { podLabels, podAnnotations } = options;
  if (podLabels?.app !== undefined && podLabels.app !== app) {
    throw new RangeError(
      `label app of pods must be "${app}", for the workload finds its pods by it: "${podLabels.app}"`,
    );
  }
  return {
    metadata: defined({ labels: { app, ...podLabels }, annotations: podAnnotations && { ...podAnnotations } }),
    spec: renderPod(pod),
  };
}
