import { fingerprintOf } from './fingerprint.js';
import { keyOf, type Manifest, type ObjectKey } from './manifest.js';

/** `prodesk.dev/wave: "1"` on an object: it is applied after those of earlier waves are Healthy. Without it an object is in wave 0. */
export const WAVE_ANNOTATION = 'prodesk.dev/wave';
/** `prodesk.dev/hook: pre-sync` on a Job: it runs anew with each sync of another definition or other images. */
export const HOOK_ANNOTATION = 'prodesk.dev/hook';

const ARGO_WAVE = 'argocd.argoproj.io/sync-wave';
const ARGO_HOOK = 'argocd.argoproj.io/hook';

/**
 * When a hook runs: before all else of its application, in its wave, or after the application is Healthy.
 * Where a pre-sync or sync hook fails, the sync ends there.
 */
export type HookPhase = 'pre-sync' | 'sync' | 'post-sync';

/** What is applied together, in the order of a sync. */
export type Stage = 'pre-sync' | number | 'post-sync';

const PHASES: Readonly<Record<string, HookPhase>> = {
  'pre-sync': 'pre-sync',
  sync: 'sync',
  'post-sync': 'post-sync',
  PreSync: 'pre-sync',
  Sync: 'sync',
  PostSync: 'post-sync',
};
const HASH_LENGTH = 10;

/** How long the name of a hook may be: a hash of what it belongs to follows, and Kubernetes adds to both. */
export const LONGEST_HOOK_NAME = 63 - HASH_LENGTH - 1;

/** What an object says of its hook, as it is written; undefined for one that says nothing. Argo CD's annotation counts too. */
export function writtenHook({ metadata: { annotations = {} } }: Manifest): string | undefined {
  return annotations[HOOK_ANNOTATION] ?? annotations[ARGO_HOOK];
}

/** What an object says of its wave, as it is written; undefined for one that says nothing. Argo CD's annotation counts too. */
export function writtenWave({ metadata: { annotations = {} } }: Manifest): string | undefined {
  return annotations[WAVE_ANNOTATION] ?? annotations[ARGO_WAVE];
}

/** Which hook an object is; undefined for every other object. */
export function hookOf(object: Manifest): HookPhase | undefined {
  return object.apiVersion === 'batch/v1' && object.kind === 'Job' ? PHASES[writtenHook(object) ?? ''] : undefined;
}

/** When an object is applied. */
export function stageOf(object: Manifest): Stage {
  const hook = hookOf(object);
  if (hook === 'pre-sync' || hook === 'post-sync') {
    return hook;
  }
  const wave = Number(writtenWave(object) ?? '0');
  return Number.isInteger(wave) ? wave : 0;
}

/** Which of two stages comes first, for sorting. */
export function compareStages(a: Stage, b: Stage): number {
  return rankOf(a) - rankOf(b) || 0;
}

/** The stages of an application's objects, in order. At least one wave is among them. */
export function stagesOf(objects: readonly Manifest[]): readonly Stage[] {
  const stages = new Set(objects.map(stageOf));
  if (![...stages].some((stage) => typeof stage === 'number')) {
    stages.add(0);
  }
  return [...stages].sort(compareStages);
}

/** The keys of the hooks among objects. */
export function hookKeysOf(objects: readonly Manifest[]): ObjectKey[] {
  return objects.filter((object) => hookOf(object) !== undefined).map(keyOf);
}

/**
 * The objects with a hash of all of them behind the names of hooks. So each definition, and each image, has hook Jobs of its own: one that has run is
 * known by its name, whoever looks, and is not run again.
 * @param objects with the images in force
 */
export function withHookNames(objects: readonly Manifest[]): readonly Manifest[] {
  if (objects.every((object) => hookOf(object) === undefined)) {
    return objects;
  }
  const hash = fingerprintOf(objects).slice(0, HASH_LENGTH);
  return objects.map((object) =>
    hookOf(object) === undefined
      ? object
      : { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-${hash}` } },
  );
}

function rankOf(stage: Stage): number {
  if (stage === 'pre-sync') {
    return Number.MIN_SAFE_INTEGER;
  }
  return stage === 'post-sync' ? Number.MAX_SAFE_INTEGER : stage;
}
