import type { DeployApp } from '../app/deployment.js';
import { refOf } from '../app/manifest.js';
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
  const known = urnsOfApps(state, [...request.apps.map(({ name }) => name), ...request.remove]);
  const abandoned = request.remove.length === 0 ? [] : abandonedNamespaces(id, request, state);
  return [...new Set([...missing, ...wanted, ...known, ...abandoned])];
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
