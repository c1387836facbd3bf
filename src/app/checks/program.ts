import type { DesiredApp } from '../desired-state.js';
import { groupOf, type Manifest } from '../manifest.js';
import type { OutsideObject } from '../outside.js';
import { textAt } from './fields.js';
import { type PodTemplate, podOf } from './pods.js';

/** An object and the application that wants it. */
export interface Subject {
  readonly app: string;
  readonly object: Manifest;
  /** Its kind with its group, such as `core/Service`. */
  readonly kind: string;
  /** The pods that it makes. */
  readonly pod?: PodTemplate;
}

/** An object that makes pods. */
export interface PlacedPod extends Subject {
  readonly pod: PodTemplate;
}

/** A reference to an object. The kind is written with its group, such as `core/Service`. */
export interface Target {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Whether something is there: in the program, said to be outside of it, or nowhere. `unsure` is nowhere, but a chart or an application
 * that could not be read may have it.
 */
export type Presence =
  | { readonly is: 'defined'; readonly object: Manifest }
  | { readonly is: 'outside'; readonly keys?: readonly string[] }
  | { readonly is: 'absent' }
  | { readonly is: 'unsure' };

/** What a {@link Program} is made of. */
export interface ProgramParts {
  /** The applications to check. */
  readonly apps: readonly DesiredApp[];
  /** The definitions in force of applications that failed: their objects stay in the cluster. @default - none */
  readonly held?: readonly DesiredApp[];
  /** Whether nothing is known of an application that failed. @default false */
  readonly isPartial?: boolean;
}

const OLD_TRAEFIK_GROUP = 'traefik.containo.us';
const GROUPS: Readonly<Record<string, string>> = { Middleware: 'traefik.io', TLSOption: 'traefik.io' };

/** All objects of a revision, with the indexes that checks need: each is one look instead of a search. */
export class Program {
  readonly apps: readonly DesiredApp[];
  readonly subjects: readonly Subject[];
  /** The pods of the applications to check. */
  readonly pods: readonly PlacedPod[];
  /** The pods that will run, those of held applications too. */
  readonly allPods: readonly PlacedPod[];
  /** The namespaces that charts are installed into. */
  readonly chartNamespaces: ReadonlySet<string>;
  readonly #isPartial: boolean;
  readonly #byKind: ReadonlyMap<string, readonly Subject[]>;
  readonly #existing: ReadonlyMap<string, readonly Subject[]>;
  readonly #byTarget = new Map<string, Manifest>();
  readonly #outside = new Map<string, OutsideObject>();

  constructor({ apps, held = [], isPartial = false }: ProgramParts) {
    this.apps = apps;
    this.#isPartial = isPartial;
    this.subjects = apps.flatMap(subjectsOf);
    const all = [...this.subjects, ...held.flatMap(subjectsOf)];
    this.#byKind = groupByKind(this.subjects);
    this.#existing = groupByKind(all);
    for (const { kind, object } of all) {
      const { name, namespace = '' } = object.metadata;
      this.#byTarget.set(targetKey({ kind, namespace, name }), object);
    }
    for (const app of [...apps, ...held]) {
      for (const object of app.outside ?? []) {
        this.#outside.set(targetKey(outsideTarget(object, app.namespace)), object);
      }
    }
    this.allPods = all.filter(hasPods);
    this.pods = held.length === 0 ? this.allPods : this.subjects.filter(hasPods);
    this.chartNamespaces = new Set(
      this.existing('helm.cattle.io/HelmChart').flatMap(({ object }) => releaseOf(object)),
    );
  }

  /** The objects to check of a kind, such as `core/Service`. */
  ofKind(kind: string): readonly Subject[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** The objects of a kind that will be there, those of held applications too. */
  existing(kind: string): readonly Subject[] {
    return this.#existing.get(kind) ?? [];
  }

  /** Whether an object is there. */
  look(target: Target): Presence {
    const key = targetKey(target);
    const object = this.#byTarget.get(key);
    if (object !== undefined) {
      return { is: 'defined', object };
    }
    const outside = this.#outside.get(key);
    if (outside !== undefined) {
      return { is: 'outside', ...('keys' in outside && { keys: outside.keys }) };
    }
    const mayBeOfChart = target.namespace !== undefined && this.chartNamespaces.has(target.namespace);
    return { is: this.#isPartial || mayBeOfChart ? 'unsure' : 'absent' };
  }
}

/** The kind of an object with its group, such as `core/Service` or `traefik.io/Middleware`. */
export function kindOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const group = groupOf(apiVersion);
  return `${group === OLD_TRAEFIK_GROUP ? 'traefik.io' : group || 'core'}/${kind}`;
}

function subjectsOf({ name, objects }: DesiredApp): Subject[] {
  return objects.map((object) => {
    const [kind, pod] = [kindOf(object), podOf(object)];
    return pod === undefined ? { app: name, object, kind } : { app: name, object, kind, pod };
  });
}

function hasPods(subject: Subject): subject is PlacedPod {
  return subject.pod !== undefined;
}

function groupByKind(subjects: readonly Subject[]): Map<string, Subject[]> {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const group = groups.get(subject.kind);
    if (group === undefined) {
      groups.set(subject.kind, [subject]);
    } else {
      group.push(subject);
    }
  }
  return groups;
}

function outsideTarget(object: OutsideObject, appNamespace: string): Target {
  const kind = `${GROUPS[object.kind] ?? 'core'}/${object.kind}`;
  if (object.kind === 'PersistentVolume' || object.kind === 'Namespace') {
    return { kind, name: object.name };
  }
  return { kind, name: object.name, namespace: ('namespace' in object ? object.namespace : undefined) ?? appNamespace };
}

function targetKey({ kind, namespace = '', name }: Target): string {
  return `${kind}/${namespace}/${name}`;
}

/** The namespace of a chart's release. */
function releaseOf(chart: Manifest): string[] {
  const namespace = textAt(chart.spec, 'targetNamespace') ?? chart.metadata.namespace;
  return namespace === undefined ? [] : [namespace];
}
