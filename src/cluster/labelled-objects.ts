import type { ObjectRef } from '../app/manifest.js';
import { APP_LABEL, FIELD_MANAGER, isKept } from '../app/tracking.js';
import { StalledError } from '../base/errors.js';
import type { KubeClient } from './client.js';
import { findApplyEntry } from './managed-fields.js';
import { itemsAt, textAt, type KubeObject } from './kube-object.js';
import type { LabelledObject, LabelledObjects } from './port.js';

const PAGE_SIZE = 100;

/** A kind that the API server can list. */
interface ListedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
}

/**
 * Everything in the cluster that carries the application label and that we applied ourselves: controllers copy labels to what they make,
 * such as the EndpointSlices of a Service. Kinds that we may not list are named.
 * @throws ProdeskError as the client does, where the API server cannot tell which kinds it has
 */
export async function findLabelledObjects(
  client: Pick<KubeClient, 'read' | 'list'>,
  signal?: AbortSignal,
): Promise<LabelledObjects> {
  const objects: LabelledObject[] = [];
  const unseen: string[] = [];
  for (const kind of await listedKinds(client, signal)) {
    try {
      objects.push(...(await labelledOf(client, kind, signal)));
    } catch (error) {
      if (!(error instanceof StalledError)) {
        throw error;
      }
      unseen.push(`${kind.apiVersion}/${kind.kind}`);
    }
  }
  return { objects, unseen };
}

async function listedKinds(client: Pick<KubeClient, 'read'>, signal?: AbortSignal): Promise<ListedKind[]> {
  const groups = itemsAt(await client.read('/apis', signal), 'groups');
  const versions = ['v1', ...groups.flatMap((group) => textAt(group, 'preferredVersion', 'groupVersion') ?? [])];
  const kinds: ListedKind[] = [];
  for (const apiVersion of versions) {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    for (const resource of itemsAt(await client.read(root, signal), 'resources')) {
      const [name, kind] = [textAt(resource, 'name'), textAt(resource, 'kind')];
      if (name !== undefined && kind !== undefined && itemsAt(resource, 'verbs').includes('list')) {
        kinds.push({ apiVersion, kind, path: `${root}/${name}` });
      }
    }
  }
  return kinds;
}

async function labelledOf(
  client: Pick<KubeClient, 'list'>,
  { apiVersion, kind, path }: ListedKind,
  signal?: AbortSignal,
): Promise<LabelledObject[]> {
  const found: LabelledObject[] = [];
  let continueToken: string | undefined;
  do {
    const page = await client.list(path, {
      labelSelector: APP_LABEL,
      limit: PAGE_SIZE,
      ...(continueToken !== undefined && { continueToken }),
      ...(signal && { signal }),
    });
    for (const object of page.items.filter((item) => isOurs(item, apiVersion))) {
      found.push(labelled(object, { apiVersion, kind }));
    }
    ({ continueToken } = page);
  } while (continueToken !== undefined);
  return found;
}

function isOurs(object: KubeObject, apiVersion: string): boolean {
  const { ownerReferences, deletionTimestamp } = object.metadata;
  return (
    ownerReferences === undefined &&
    deletionTimestamp === undefined &&
    findApplyEntry(object, FIELD_MANAGER, apiVersion) !== undefined
  );
}

function labelled(
  { metadata }: KubeObject,
  { apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>,
): LabelledObject {
  const { name, namespace, labels, annotations } = metadata;
  const isKeptObject = isKept({ apiVersion, kind, metadata: { name, ...(annotations && { annotations }) } });
  return {
    app: labels?.[APP_LABEL] ?? '',
    ref: { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) },
    isKept: isKeptObject,
  };
}
