import type { Mistake } from './check.js';
import type { Program, Subject, Target } from './program.js';

/** A reference from a field of an object. */
export interface Reference extends Pick<Subject, 'app' | 'object'> {
  readonly field: string;
  readonly target: Target;
}

/** The mistake of a reference to something that is nowhere; none when it is there. Where that is not sure it is only a warning. */
export function findMissing(program: Program, { app, object, field, target }: Reference): Mistake[] {
  const { is } = program.look(target);
  if (is === 'defined' || is === 'outside') {
    return [];
  }
  const [, kind = target.kind] = target.kind.split('/');
  const where = target.namespace === undefined ? '' : `namespace: '${target.namespace}', `;
  const what = `${kind} ${target.namespace === undefined ? '' : `${target.namespace}/`}${target.name}`;
  const advice = `correct the name or define it; if something else makes it, add to defineApp: outside: [{ kind: '${kind}', ${where}name: '${target.name}' }]`;
  const message = `${what} is in no application; ${advice}`;
  return [{ app, object, field, message, ...(is === 'unsure' && { severity: 'warning' as const }) }];
}
