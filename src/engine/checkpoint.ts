import { z } from 'zod';
import type { StackOutputs } from '../app/deployment.js';
import { appOfUrn } from '../app/resource-name.js';

const ROOT_TYPE = 'pulumi:pulumi:Stack';

const images = z.record(z.string(), z.record(z.string(), z.string()));
const rootOutputs = z.object({
  images: images.catch({}),
  fingerprints: z.record(z.string(), z.string()).catch({}),
});
const deployment = z.looseObject({
  resources: z
    .array(
      z.looseObject({
        urn: z.string(),
        type: z.string(),
        outputs: z.unknown().optional(),
        retainOnDelete: z.boolean().optional(),
      }),
    )
    .default([]),
  pending_operations: z.array(z.unknown()).nullish(),
});
/** The outputs of a Kubernetes object that say which one it is; an encrypted text would not be one. */
const liveOutputs = z.object({ metadata: z.object({ uid: z.string() }) });
/** The parts of an exported deployment by which resources depend on each other. */
const releasable = z.looseObject({
  resources: z
    .array(
      z.looseObject({
        urn: z.string(),
        dependencies: z.array(z.string()).nullish(),
        propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
      }),
    )
    .nullish(),
});
/** `pulumi stack export` has the deployment at the top, a file of the file backend below `checkpoint.latest`. */
const state = z.union([
  z.object({ checkpoint: z.object({ latest: deployment.nullish() }) }).transform((file) => file.checkpoint.latest),
  z.object({ deployment: deployment.nullable() }).transform((exported) => exported.deployment),
]);

/** What this project wants to know of a stack's state. */
export interface StackState {
  readonly urns: ReadonlySet<string>;
  readonly outputs: StackOutputs;
  /** The uids of live objects, by URN. */
  readonly uids: ReadonlyMap<string, string>;
  /** URNs of what stays in the cluster when it is deleted from the state. */
  readonly retained: ReadonlySet<string>;
  /** How many operations were begun and not ended, by a process that died. */
  readonly pendingOperations: number;
}

/** The state of a stack that was never updated. */
export const EMPTY_STATE: StackState = {
  urns: new Set(),
  outputs: { images: {}, fingerprints: {} },
  uids: new Map(),
  retained: new Set(),
  pendingOperations: 0,
};

/** Reads a stack's state, as exported or as the file backend stores it; undefined when the text is not one, such as half a file. */
export function parseState(text: string): StackState | undefined {
  const parsed = state.safeParse(parseJson(text));
  if (!parsed.success) {
    return undefined;
  }
  const { resources = [], pending_operations: pending } = parsed.data ?? {};
  const root = resources.find(({ type }) => type === ROOT_TYPE);
  const urns = new Set(resources.map(({ urn }) => urn));
  return {
    urns,
    outputs: outputsOfKnown(rootOutputs.catch(EMPTY_STATE.outputs).parse(root?.outputs ?? {}), urns),
    uids: new Map(resources.flatMap(({ urn, outputs }) => uidsIn(urn, outputs))),
    retained: new Set(resources.filter(({ retainOnDelete }) => retainOnDelete === true).map(({ urn }) => urn)),
    pendingOperations: pending?.length ?? 0,
  };
}

function uidsIn(urn: string, outputs: unknown): (readonly [string, string])[] {
  const live = liveOutputs.safeParse(outputs);
  return live.success ? [[urn, live.data.metadata.uid]] : [];
}

/** Outputs of applications that the state has. Of others, which a lost state leaves behind, nothing counts as deployed: the next update adopts it. */
function outputsOfKnown({ images: tags, fingerprints }: StackOutputs, urns: ReadonlySet<string>): StackOutputs {
  const known = new Set([...urns].map(appOfUrn));
  const only = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(values).filter(([app]) => known.has(app)));
  return { images: only(tags), fingerprints: only(fingerprints) };
}

/** An exported deployment without its pending operations; what they made is adopted by the next update. */
export function withoutPendingOperations<T extends object>(exported: T): T {
  return { ...exported, pending_operations: [] };
}

/** An exported deployment that does not know the given resources any more, and depends on none of them. */
export function withoutResources(exported: object, urns: ReadonlySet<string>): object {
  const resources = releasable.parse(exported).resources ?? [];
  const isLeft = (urn: string): boolean => !urns.has(urn);
  const left = resources
    .filter(({ urn }) => isLeft(urn))
    .map(({ dependencies, propertyDependencies, ...resource }) => ({
      ...resource,
      ...(dependencies && { dependencies: dependencies.filter(isLeft) }),
      ...(propertyDependencies && {
        propertyDependencies: Object.fromEntries(
          Object.entries(propertyDependencies).map(([property, on]) => [property, on?.filter(isLeft) ?? null]),
        ),
      }),
    }));
  return { ...exported, resources: left };
}

/** The URNs of a state that belong to the given applications. */
export function urnsOfApps({ urns }: StackState, apps: Iterable<string>): string[] {
  const wanted = new Set(apps);
  return [...urns].filter((urn) => wanted.has(appOfUrn(urn) ?? ''));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file is an expected finding after a crash; the caller looks for another copy.
    return undefined;
  }
}
