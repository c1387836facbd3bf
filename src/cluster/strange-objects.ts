import type { ObjectRef } from '../app/manifest.js';
import { strangenessOf, type DeployedObject } from '../app/ownership.js';
import { systemClock } from '../base/clock.js';
import type { KubeClient } from './client.js';
import { createDiscovery, objectPath } from './discovery.js';

/** How many objects are asked for at the same time. */
const AT_ONCE = 10;

/** An object that was deployed, and is perhaps not the one that has its name now. */
export interface NamedObject extends DeployedObject {
  readonly ref: ObjectRef;
}

/**
 * Those objects whose name belongs to another one now, each with the reason. An object that is gone is none of them.
 * @throws ProdeskError as the client does, when one cannot be looked at
 */
export async function findStrangeObjects<T extends NamedObject>(
  client: KubeClient,
  objects: readonly T[],
  signal?: AbortSignal,
): Promise<{ readonly object: T; readonly reason: string }[]> {
  const discovery = createDiscovery(client, systemClock);
  const look = async (object: T): Promise<{ object: T; reason: string }[]> => {
    const { ref } = object;
    const type = await discovery.find(ref.apiVersion, ref.kind, signal);
    const live = type && (await client.get(objectPath(type, ref), signal));
    const reason = live && strangenessOf(live, object);
    return reason === undefined ? [] : [{ object, reason }];
  };
  const found: { object: T; reason: string }[] = [];
  for (let start = 0; start < objects.length; start += AT_ONCE) {
    found.push(...(await Promise.all(objects.slice(start, start + AT_ONCE).map(look))).flat());
  }
  return found;
}
