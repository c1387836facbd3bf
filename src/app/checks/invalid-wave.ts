import type { Manifest } from '../manifest.js';
import { compareStages, type Stage, stageOf, WAVE_ANNOTATION, writtenWave } from '../stages.js';
import type { Check, Mistake } from './check.js';
import { configReferencesOf } from './config-references.js';
import { itemsAt, textAt } from './fields.js';
import type { PlacedPod, Program } from './program.js';

/** A wave that is no number, or an object that waits for one of a later wave and so holds up its own. */
export const invalidWave: Check = {
  rule: 'invalid-wave',
  severity: 'error',
  find: (program) => [...program.subjects.flatMap(numberMistakes), ...orderMistakes(program)],
};

function numberMistakes({ app, object }: { readonly app: string; readonly object: Manifest }): Mistake[] {
  const written = writtenWave(object);
  const field = `metadata.annotations['${WAVE_ANNOTATION}']`;
  return written === undefined || /^-?\d{1,4}$/.test(written)
    ? []
    : [{ app, object, field, message: `${JSON.stringify(written)} is no wave; write a whole number, such as "1"` }];
}

/** Pods that read what comes later: they never start, and what they read is never applied. */
function orderMistakes({ apps, pods }: Program): Mistake[] {
  const staged = new Map(
    apps.filter(({ objects }) => hasStages(objects)).map((app) => [app.name, stagesByKey(app.objects)]),
  );
  return pods.flatMap((placed) => {
    const stages = staged.get(placed.app);
    return stages === undefined ? [] : readsOf(placed).flatMap((read) => lateMistake(placed, read, stages));
  });
}

function lateMistake(
  { app, object }: PlacedPod,
  { kind, name, field }: Read,
  stages: ReadonlyMap<string, Stage>,
): Mistake[] {
  const own = stageOf(object);
  const read = stages.get(keyIn(kind, object.metadata.namespace, name));
  const message = `${kind} ${name} is applied only after ${nameOf(own)} that needs it; ${remedy(own)}`;
  return read === undefined || compareStages(read, own) <= 0 ? [] : [{ app, object, field, message }];
}

function remedy(own: Stage): string {
  return own === 'pre-sync'
    ? 'make it a sync hook, and put what it reads in an earlier wave'
    : 'put what it reads in the same wave or an earlier one';
}

function nameOf(stage: Stage): string {
  return typeof stage === 'number' ? `wave ${stage}` : `the ${stage} hook`;
}

interface Read {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
}

/** What pods need in order to start, each once. A CronJob waits for nothing. */
function readsOf({ kind, pod }: PlacedPod): Read[] {
  if (kind === 'batch/CronJob') {
    return [];
  }
  const account = textAt(pod.spec, 'serviceAccountName');
  const claims = itemsAt(pod.spec, 'volumes').flatMap(([field, volume]) => {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    const at = `${pod.field}.${field}.persistentVolumeClaim.claimName`;
    return name === undefined ? [] : [{ kind: 'PersistentVolumeClaim', name, field: at }];
  });
  const accounts =
    account === undefined ? [] : [{ kind: 'ServiceAccount', name: account, field: `${pod.field}.serviceAccountName` }];
  const reads = [...configReferencesOf(pod), ...accounts, ...claims];
  return [...new Map(reads.map((read) => [`${read.kind}/${read.name}`, read])).values()];
}

function hasStages(objects: readonly Manifest[]): boolean {
  return objects.some((object) => stageOf(object) !== 0);
}

function stagesByKey(objects: readonly Manifest[]): ReadonlyMap<string, Stage> {
  return new Map(
    objects
      .filter(({ apiVersion }) => apiVersion === 'v1')
      .map((object) => [keyIn(object.kind, object.metadata.namespace, object.metadata.name), stageOf(object)]),
  );
}

function keyIn(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}
