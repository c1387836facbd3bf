import { keyOf, refOf, type Manifest, type ObjectRef } from '../../app/manifest.js';
import { appOfUrn, refOfUrn } from '../../app/resource-name.js';
import type { LabelledObject } from '../../cluster/port.js';
import type { DriverState } from './state.js';

/** An object of this project that nothing will ever change or delete any more. */
export interface Orphan {
  readonly app: string;
  readonly ref: ObjectRef;
  /** It was to stay in the cluster when it left Git. */
  readonly isKept: boolean;
}

/**
 * The live objects that neither a definition nor the stack's state has: what is left after a state was lost, or what was kept when it left Git. Of an
 * application whose definition is not known nothing can be said.
 */
export function orphansOf(
  { apps, revision }: Pick<DriverState, 'apps' | 'revision'>,
  labelled: readonly LabelledObject[],
  urns: readonly string[],
): Orphan[] {
  if (revision === undefined) {
    return [];
  }
  const known = new Set<string>();
  for (const { name, definition } of Object.values(apps)) {
    definition?.objects.forEach((object) => addKeys(known, name, object));
  }
  for (const urn of urns) {
    const ref = refOfUrn(urn);
    if (ref !== undefined) {
      addKeys(known, appOfUrn(urn) ?? '', ref);
    }
  }
  return labelled
    .filter(({ app, ref }) => !isUnjudged(apps[app]) && !known.has(`${app} ${keyOf(ref)}`))
    .sort((a, b) => compare(a.app, b.app) || compare(keyOf(a.ref), keyOf(b.ref)));
}

/** A manifest may name a namespace although its kind has none. */
function addKeys(known: Set<string>, app: string, object: Manifest | ObjectRef): void {
  const { apiVersion, kind, name, namespace } = 'metadata' in object ? refOf(object) : object;
  known.add(`${app} ${keyOf({ apiVersion, kind, name })}`);
  if (namespace !== undefined) {
    known.add(`${app} ${keyOf({ apiVersion, kind, namespace, name })}`);
  }
}

function isUnjudged(app: DriverState['apps'][string] | undefined): boolean {
  return app !== undefined && app.definition === undefined && app.removal === undefined;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
