import { keyOf, refOf, type ObjectRef } from '../app/manifest.js';
import type { DeployedObject } from '../app/ownership.js';
import { appOfUrn, objectUrn, refOfUrn, type StackId } from '../app/resource-name.js';
import type { StackState } from './checkpoint.js';
import type { UpdateRequest } from './port.js';
import { targetsOf } from './targets.js';

/** An object of the state that a run would delete from the cluster. */
export interface Departure extends DeployedObject {
  readonly urn: string;
  readonly app: string;
  readonly ref: ObjectRef;
}

/** The objects that a run would delete, apart from those that stay in the cluster anyway. */
export function departuresOf(id: StackId, request: UpdateRequest, state: StackState): Departure[] {
  const touched = request.scope === 'whole' ? [...state.urns] : targetsOf(id, request, state);
  const wanted = new Set(
    request.apps.flatMap(({ name, objects }) => objects.map((object) => objectUrn(id, name, refOf(object)))),
  );
  return touched.flatMap((urn) => {
    const [app, ref] = [appOfUrn(urn), refOfUrn(urn)];
    if (app === undefined || ref === undefined || wanted.has(urn) || !state.urns.has(urn) || state.retained.has(urn)) {
      return [];
    }
    const uid = state.uids.get(urn);
    return [{ urn, app, ref, ...(uid !== undefined && { uid }) }];
  });
}

/**
 * The departures whose object the program itself defines under another name of Pulumi's: it moved to another application, or its API version changed.
 * To delete it would delete what the same run applies.
 */
export function movedOf(departures: readonly Departure[], { apps }: Pick<UpdateRequest, 'apps'>): Departure[] {
  const defined = new Set(apps.flatMap(({ objects }) => objects.map(keyOf)));
  return departures.filter(({ ref }) => defined.has(keyOf(ref)));
}
