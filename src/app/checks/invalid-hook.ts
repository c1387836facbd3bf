import type { Manifest } from '../manifest.js';
import { HOOK_ANNOTATION, hookOf, LONGEST_HOOK_NAME, writtenHook, writtenWave } from '../stages.js';
import { isKeptByWish } from '../tracking.js';
import type { Check } from './check.js';
import { valueAt } from './fields.js';

const ANNOTATION = `metadata.annotations['${HOOK_ANNOTATION}']`;

/** A hook that is no Job, or that could not be seen to end. */
export const invalidHook: Check = {
  rule: 'invalid-hook',
  severity: 'error',
  find: (program) =>
    program.subjects.flatMap(({ app, object }) =>
      writtenHook(object) === undefined ? [] : mistakesOf(object).map((mistake) => ({ app, object, ...mistake })),
    ),
};

interface Problem {
  readonly field: string;
  readonly message: string;
}

function mistakesOf(object: Manifest): Problem[] {
  if (object.apiVersion !== 'batch/v1' || object.kind !== 'Job') {
    return [{ field: ANNOTATION, message: `only a Job can be a hook; put a ${object.kind} in an earlier wave` }];
  }
  if (hookOf(object) === undefined) {
    const written = JSON.stringify(writtenHook(object));
    return [{ field: ANNOTATION, message: `${written} is no hook; there are pre-sync, sync and post-sync` }];
  }
  return [...nameMistake(object), ...waveMistake(object), ...endMistakes(object), ...keptMistake(object)];
}

function nameMistake({ metadata: { name } }: Manifest): Problem[] {
  return name.length <= LONGEST_HOOK_NAME
    ? []
    : [{ field: 'metadata.name', message: `a hook's name has at most ${LONGEST_HOOK_NAME} characters` }];
}

function waveMistake(object: Manifest): Problem[] {
  const hook = hookOf(object);
  return hook === 'sync' || writtenWave(object) === undefined
    ? []
    : [
        {
          field: ANNOTATION,
          message: `a ${hook ?? ''} hook is in no wave; make it a sync hook, or leave the wave out`,
        },
      ];
}

function endMistakes({ spec }: Manifest): Problem[] {
  const mistakes: Problem[] = [];
  if (valueAt(spec, 'activeDeadlineSeconds') === undefined) {
    mistakes.push({ field: 'spec.activeDeadlineSeconds', message: 'a hook needs a deadline, such as 600' });
  }
  if (valueAt(spec, 'ttlSecondsAfterFinished') !== undefined) {
    const message = 'a hook that is deleted cannot be seen to have ended; leave it out, the next sync deletes the Job';
    mistakes.push({ field: 'spec.ttlSecondsAfterFinished', message });
  }
  if (valueAt(spec, 'suspend') === true) {
    mistakes.push({ field: 'spec.suspend', message: 'a suspended hook never ends' });
  }
  return mistakes;
}

function keptMistake(object: Manifest): Problem[] {
  return isKeptByWish(object)
    ? [{ field: 'metadata.annotations', message: 'a hook that is never pruned would leave a Job behind for each sync' }]
    : [];
}
