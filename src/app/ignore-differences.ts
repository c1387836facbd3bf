import { groupOf, keyOf, type Manifest, type ObjectKey } from './manifest.js';

/** Fields of an application's objects that somebody else may write: differences in them are not drift, and updates leave them as they are. */
export interface IgnoreRule {
  readonly kind: string;
  /** @default - every object of the kind */
  readonly name?: string;
  /** JSON pointers, such as `/spec/replicas`; what is below them is meant too. */
  readonly pointers?: readonly string[];
  /** Field managers, such as `kube-controller-manager`: whatever they wrote last. */
  readonly managers?: readonly string[];
}

/** What is ignored of one object. */
export interface IgnoredFields {
  readonly pointers: readonly string[];
  readonly managers: readonly string[];
}

const NOTHING: IgnoredFields = { pointers: [], managers: [] };
const REPLICAS = '/spec/replicas';

/** What is ignored of each object, by key: what the rules say, and the replicas of what a HorizontalPodAutoscaler among the objects scales. */
export function ignoredFields(
  objects: readonly Manifest[],
  rules: readonly IgnoreRule[] = [],
): ReadonlyMap<ObjectKey, IgnoredFields> {
  const scaled = new Set(objects.flatMap(scaleTargetOf));
  const ignored = objects.map((object) => {
    const own = rules.filter(
      ({ kind, name }) => kind === object.kind && (name === undefined || name === object.metadata.name),
    );
    const implied = scaled.has(targetId(object.metadata.namespace, object.kind, object.metadata.name))
      ? [REPLICAS]
      : [];
    return [
      keyOf(object),
      {
        pointers: unique([...own.flatMap(({ pointers = [] }) => pointers), ...implied]),
        managers: unique(own.flatMap(({ managers = [] }) => managers)),
      },
    ] as const;
  });
  return new Map(ignored.filter(([, { pointers, managers }]) => pointers.length + managers.length > 0));
}

/** What is ignored of one object of a map that {@link ignoredFields} made. */
export function ignoredOf(ignored: ReadonlyMap<ObjectKey, IgnoredFields>, object: Manifest): IgnoredFields {
  return ignored.get(keyOf(object)) ?? NOTHING;
}

function scaleTargetOf({ apiVersion, kind, metadata, spec }: Manifest): string[] {
  if (kind !== 'HorizontalPodAutoscaler' || groupOf(apiVersion) !== 'autoscaling') {
    return [];
  }
  const { scaleTargetRef } = (spec ?? {}) as {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
  };
  return [targetId(metadata.namespace, scaleTargetRef?.kind, scaleTargetRef?.name)];
}

function targetId(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => part ?? '').join('/');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
