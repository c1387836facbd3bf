import type { KubeApi } from '../../src/sandbox/kube-api.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';

/** A live object, as loosely as a test looks at it. */
export interface LiveObject {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string }; readonly running?: object };
      readonly lastState?: { readonly terminated?: { readonly reason: string; readonly exitCode: number } };
    }[];
  };
}

/** Makes a namespace. */
export async function createNamespace(api: KubeApi, name: string): Promise<void> {
  await api.call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
}

/** A Deployment of one container. */
export function deploymentOf(name: string, image: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
    },
  };
}

/** Creates an object in a collection such as `/apis/apps/v1/namespaces/web/deployments`. */
export async function create(api: KubeApi, collection: string, body: object): Promise<LiveObject> {
  return (await api.call({ method: 'POST', path: collection, body })) as LiveObject;
}

/** Waits until an object is as wanted. */
export async function waitForObject(
  api: KubeApi,
  path: string,
  isAsWanted: (object: LiveObject) => boolean,
): Promise<LiveObject> {
  return waitUntil(
    async () => {
      const object = (await api.call({ path })) as LiveObject;
      return isAsWanted(object) ? object : undefined;
    },
    { what: `${path} as wanted`, timeoutMs: 30_000 },
  );
}

/** Waits until the only pod with the label `app` is as wanted. */
export async function waitForPod(
  api: KubeApi,
  namespace: string,
  app: string,
  isAsWanted: (pod: LiveObject) => boolean,
): Promise<LiveObject> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`;
  return waitUntil(
    async () => {
      const { items } = (await api.call({ path })) as { items: LiveObject[] };
      const [pod] = items;
      return items.length === 1 && pod !== undefined && isAsWanted(pod) ? pod : undefined;
    },
    { what: `the pod of ${app} as wanted`, timeoutMs: 30_000 },
  );
}

/** Whether a condition of an object holds. */
export function holds(object: LiveObject, type: string): boolean {
  return (
    object.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true
  );
}
