import type { ObjectRef } from '../app/manifest.js';
import type { LocalDifference } from './local-diff.js';

/** A desired object beside its live counterpart. */
type ObjectObservation = LocalDifference['objects'][number];

/** What adopting does to one live object, from nothing to what cannot be done. */
export type AdoptionEffect = 'nothing' | 'metadata' | 'creates' | 'changes' | 'restarts' | 'refused' | 'unknown';

/** One object of an adoption. */
export interface AdoptionStep {
  readonly app: string;
  readonly ref: ObjectRef;
  readonly effect: AdoptionEffect;
  /** JSON pointers of the fields that would change; never values. */
  readonly fields: readonly string[];
  /** Who wrote the fields last. */
  readonly writer?: string;
  readonly problem?: string;
}

/** Kinds whose pods are replaced when their template changes. */
const ROLLING_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);
/** Kinds whose controller runs Helm when their specification changes, which may restart anything. */
const HELM_KINDS = new Set(['HelmChart', 'HelmChartConfig', 'HelmRelease']);

/** What adopting an application would do to each of its objects. */
export function planAdoption(app: string, objects: readonly ObjectObservation[]): AdoptionStep[] {
  return objects.map(({ ref, state, drift, driftManager, problem }) => ({
    app,
    ref,
    effect: effectOf(ref.kind, { state, drift, isRefused: problem !== undefined }),
    fields: drift,
    ...(driftManager === undefined ? {} : { writer: driftManager }),
    ...(problem === undefined ? {} : { problem }),
  }));
}

/** Why steps must not be taken; empty when they may. */
export function obstaclesOf(steps: readonly AdoptionStep[], allowRestart: boolean): AdoptionStep[] {
  return steps.filter(({ effect }) => isBlocking(effect) || (effect === 'restarts' && !allowRestart));
}

function isBlocking(effect: AdoptionEffect): boolean {
  return effect === 'refused' || effect === 'unknown';
}

interface Seen {
  readonly state: ObjectObservation['state'];
  readonly drift: readonly string[];
  /** The API server would not take the change, or could not be asked. */
  readonly isRefused: boolean;
}

function effectOf(kind: string, { state, drift, isRefused }: Seen): AdoptionEffect {
  switch (state) {
    case 'synced':
      return 'nothing';
    case 'missing':
      return 'creates';
    case 'unknown':
      return 'unknown';
    case 'drifted':
      return isRefused ? 'refused' : changeOf(kind, drift);
  }
}

function changeOf(kind: string, drift: readonly string[]): AdoptionEffect {
  if (drift.every((pointer) => /^\/metadata\/(labels|annotations)(\/|$)/.test(pointer))) {
    return 'metadata';
  }
  return drift.some((pointer) => endsPods(kind, pointer)) ? 'restarts' : 'changes';
}

/** Whether a field's change ends running pods: by a rollout, by Helm, or by a smaller number of them. */
function endsPods(kind: string, pointer: string): boolean {
  const isTemplate = /^\/spec(\/template(\/|$)|\/replicas$|$)/.test(pointer);
  return (
    (ROLLING_KINDS.has(kind) && isTemplate) ||
    (HELM_KINDS.has(kind) && pointer.startsWith('/spec')) ||
    (kind === 'Pod' && pointer.startsWith('/spec'))
  );
}
