import type { DeployApp } from '../app/deployment.js';
import { keyOf, refOf } from '../app/manifest.js';
import { appOfUrn, appUrn, namespaceUrn, objectUrn, providerUrn, type StackId } from '../app/resource-name.js';
import { sharedNamespaces } from '../app/shared-namespaces.js';
import { urnsOfApps, type StackState } from './checkpoint.js';
import type { UpdateRequest } from './port.js';

/** The part of a request that says which resources it may touch. */
export type TargetRequest = Pick<UpdateRequest, 'apps' | 'remove'>;

/**
 * The exact URNs that a targeted update may touch: everything that the listed applications have in the program or in the state,
 * and everything that the removed ones have in the state.
 *
 * The provider and shared namespaces are targets only while the state lacks them. Pulumi deletes what depends on a target and was not
 * registered, and every object of every application depends on the provider: with it among the targets a partial program fails with
 * "will be destroyed but was not specified in --target list".
 */
export function targetsOf(id: StackId, request: TargetRequest, state: StackState): string[] {
  const shared = [providerUrn(id), ...sharedNamespaces(request.apps).map((name) => namespaceUrn(id, name))];
  const missing = request.apps.length === 0 ? [] : shared.filter((urn) => !state.urns.has(urn));
  const wanted = request.apps.flatMap((app) => urnsOf(id, app));
  const untouched = new Set(request.apps.flatMap((app) => untouchedUrns(id, app, state)));
  const closing = request.apps.filter(({ extent }) => extent?.keepsRest !== true);
  const known = urnsOfApps(state, [...closing.map(({ name }) => name), ...request.remove]);
  const abandoned = request.remove.length === 0 ? [] : abandonedNamespaces(id, request, state);
  return [...new Set([...missing, ...wanted, ...known, ...abandoned])].filter((urn) => !untouched.has(urn));
}

/** The URNs of objects that a run replaces by new ones. What the state does not have is new anyway. */
export function replacedUrns(id: StackId, { apps }: TargetRequest, state: StackState): string[] {
  return apps
    .flatMap(({ name, objects, extent }) =>
      objects
        .filter((object) => extent?.anew.includes(keyOf(object)) === true)
        .map((object) => objectUrn(id, name, refOf(object))),
    )
    .filter((urn) => state.urns.has(urn));
}

/** A component whose children stay is no target: Pulumi would delete those of them that left the program. */
function untouchedUrns(id: StackId, { name, objects, extent }: DeployApp, state: StackState): string[] {
  if (extent === undefined) {
    return [];
  }
  const skipped = new Set(extent.untouched);
  const own = objects
    .filter((object) => skipped.has(keyOf(object)))
    .map((object) => objectUrn(id, name, refOf(object)));
  const component = appUrn(id, name);
  return extent.keepsRest && state.urns.has(component) ? [...own, component] : own;
}

/** Shared namespaces of the state in which no application has an object any more: they leave the state, and stay in the cluster. */
function abandonedNamespaces(id: StackId, request: TargetRequest, state: StackState): string[] {
  const named = new Set([...request.apps.map(({ name }) => name), ...request.remove]);
  const objectsOfOthers = [...state.urns].filter((urn) => {
    const app = appOfUrn(urn);
    return app !== undefined && !named.has(app);
  });
  const used = new Set([...sharedNamespaces(request.apps), ...objectsOfOthers.map(namespaceOfUrn)]);
  const prefix = namespaceUrn(id, '');
  return [...state.urns].filter((urn) => urn.startsWith(prefix) && !used.has(urn.slice(prefix.length)));
}

/** The namespace in the URN of an application's object. */
function namespaceOfUrn(urn: string): string {
  return urn.split('/').at(-2) ?? '';
}

/** Every URN that the program registers for an application. */
function urnsOf(id: StackId, { name, objects }: DeployApp): string[] {
  return [appUrn(id, name), ...objects.map((object) => objectUrn(id, name, refOf(object)))];
}
