import type { AppObservation, ObjectObservation } from '../../cluster/port.js';

/** The objects that differ from what they were compared with. */
export function driftedObjects(observation: AppObservation | undefined): readonly ObjectObservation[] {
  return observation?.objects.filter(isDifferent) ?? [];
}

/** Whether live objects differ from what they were compared with. */
export function isDrifted(observation: AppObservation | undefined): boolean {
  return observation?.objects.some(isDifferent) ?? false;
}

/** What drifted, in one line: the first object with its fields, and how many there are besides. Undefined when nothing did. */
export function describeDrift(observation: AppObservation | undefined): string | undefined {
  const [first, ...rest] = driftedObjects(observation);
  if (first === undefined) {
    return undefined;
  }
  const object = `${first.ref.kind} ${first.ref.name}`;
  const more = rest.length === 0 ? '' : `, and ${rest.length} more`;
  if (first.state === 'missing') {
    return `${object} was deleted${more}`;
  }
  const by = first.driftManager === undefined ? '' : ` by ${first.driftManager}`;
  return `${fieldsOf(first.drift)} of ${object} changed${by}${more}`;
}

/** Who keeps undoing repairs, in one line: `kubectl-edit keeps changing spec.replicas of Deployment web`. Undefined when nothing differs. */
export function describeFight(observation: AppObservation | undefined): string | undefined {
  const objects = driftedObjects(observation);
  const first = objects.find(({ driftManager }) => driftManager !== undefined) ?? objects[0];
  if (first === undefined) {
    return undefined;
  }
  const who = first.driftManager ?? 'somebody';
  const object = `${first.ref.kind} ${first.ref.name}`;
  return first.state === 'missing'
    ? `${who} keeps deleting ${object}`
    : `${who} keeps changing ${fieldsOf(first.drift)} of ${object}`;
}

/** JSON pointers as people write paths: `spec.replicas, spec.paused`; at most three. */
export function fieldsOf(pointers: readonly string[]): string {
  const names = pointers.slice(0, 3).map((pointer) => pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/'));
  const more = pointers.length > 3 ? `, and ${pointers.length - 3} more` : '';
  return `${names.join(', ') || 'fields'}${more}`;
}

/** A hook that is not there any more has run, or is not to run. */
function isDifferent({ state, hook }: ObjectObservation): boolean {
  return hook === undefined && (state === 'drifted' || state === 'missing');
}
