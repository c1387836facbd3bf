import type { DesiredApp, SynthFailure } from '../app/desired-state.js';
import { describeRef, refOf } from '../app/manifest.js';
import { redact } from '../base/redact.js';
import type { CheckedMessage } from './schema.js';

/** How many problems are told; the others often have the same cause. */
const TOLD = 5;

/** Why an application whose objects do not fit the schemas of their kinds is refused; undefined when all fit. */
export function schemaFailure(app: DesiredApp, checked: CheckedMessage | undefined): SynthFailure | undefined {
  const problems = checked?.problems ?? [];
  if (problems.length === 0) {
    return undefined;
  }
  const told = problems.slice(0, TOLD).map(({ index, path, message }) => {
    const object = app.objects[index];
    return `${object === undefined ? `object ${index}` : describeRef(refOf(object))}: ${withPath(path, message)}`;
  });
  const more = problems.length > TOLD ? `; and ${problems.length - TOLD} more` : '';
  return { message: redact(`${told.join('; ')}${more}`), location: `apps/${app.name}/app.ts` };
}

/** A field that is called like a secret must not look like one with its value, or the message would be redacted. */
function withPath(path: string, message: string): string {
  const plain = `${path}: ${message}`;
  return redact(plain) === plain ? plain : `${path} is wrong: ${message}`;
}
