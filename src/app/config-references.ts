import type { Manifest } from './manifest.js';

/** A ConfigMap or Secret that pods read, in their own namespace. */
export interface ConfigReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
}

/** The part of a pod's specification that names ConfigMaps and Secrets. */
interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Container {
  readonly env?: readonly {
    readonly valueFrom?: { readonly configMapKeyRef?: Named; readonly secretKeyRef?: Named };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
}

interface Volume {
  readonly configMap?: Named;
  readonly secret?: { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly { readonly configMap?: Named; readonly secret?: Named }[] };
}

interface Named {
  readonly name?: string;
}

/** A pod template, as far as restarts are concerned. */
export interface PodTemplate {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

/** Kinds whose pods are replaced when their template changes. A Job's template cannot change, and a CronJob's next pod reads what is there then. */
const RESTARTABLE = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** The template of a workload that restarts its pods when the template changes; undefined for every other object. */
export function podTemplateOf({ apiVersion, kind, spec }: Manifest): PodTemplate | undefined {
  return apiVersion === 'apps/v1' && RESTARTABLE.has(kind)
    ? (spec as { readonly template?: PodTemplate } | undefined)?.template
    : undefined;
}

/** The ConfigMaps and Secrets that a template's containers and volumes read, sorted, each once. */
export function configReferencesOf({ spec = {} }: PodTemplate): readonly ConfigReference[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const found = [...containers.flatMap(inContainer), ...(spec.volumes ?? []).flatMap(inVolume)];
  const unique = new Map(found.map((reference) => [`${reference.kind}/${reference.name}`, reference]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference);
}

function inContainer({ env = [], envFrom = [] }: Container): ConfigReference[] {
  return [
    ...env.flatMap(({ valueFrom }) => named(valueFrom?.configMapKeyRef, valueFrom?.secretKeyRef)),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => named(configMapRef, secretRef)),
  ];
}

function inVolume({ configMap, secret, projected }: Volume): ConfigReference[] {
  const sources = projected?.sources ?? [];
  return [
    ...named(configMap, secret?.secretName === undefined ? undefined : { name: secret.secretName }),
    ...sources.flatMap((source) => named(source.configMap, source.secret)),
  ];
}

function named(configMap: Named | undefined, secret: Named | undefined): ConfigReference[] {
  return [
    ...(configMap?.name === undefined ? [] : [{ kind: 'ConfigMap', name: configMap.name } as const]),
    ...(secret?.name === undefined ? [] : [{ kind: 'Secret', name: secret.name } as const]),
  ];
}
