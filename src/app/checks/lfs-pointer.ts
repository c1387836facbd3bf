import type { Check, Mistake } from './check.js';
import { textsAt } from './fields.js';
import type { Subject } from './program.js';

/** The first line of a pointer, by the specification of Git LFS. */
const POINTER = 'version https://git-lfs.github.com/spec/v1\n';
const ENCODED_POINTER = Buffer.from(POINTER).toString('base64').slice(0, 48);

/** A file that Git LFS keeps elsewhere: what is in Git is only a pointer, and LFS content is never fetched. */
export const lfsPointer: Check = {
  rule: 'lfs-pointer',
  severity: 'error',
  find: ({ subjects }) =>
    subjects.filter(({ object }) => ['ConfigMap', 'Secret'].includes(object.kind)).flatMap(mistakesIn),
};

function mistakesIn({ app, object }: Subject): Mistake[] {
  return (['data', 'stringData', 'binaryData'] as const).flatMap((map) =>
    Object.entries(textsAt(object, map))
      .filter(([, text]) => text.startsWith(POINTER) || text.startsWith(ENCODED_POINTER))
      .map(([key]) => ({
        app,
        object,
        field: `${map}['${key}']`,
        message: 'this is a pointer of Git LFS, not the file: LFS content is not fetched; keep the file in Git itself',
      })),
  );
}
