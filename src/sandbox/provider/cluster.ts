import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, StalledError, TransientError } from '../../base/errors.js';
import { formatDuration } from '../../base/duration.js';
import { ApiClient, type ApiAnswer, type ApiClientOptions } from './api-client.js';
import { refusedError } from './api-error.js';
import { Discovery, pathOf, unknownKindError, type ApiResource } from './discovery.js';
import { isObject, objectAt, valueAt, type JsonObject } from './json.js';
import type { Kind, ObjectName } from './kind.js';
import type { ClusterAccess } from './kubeconfig.js';

/** How long to wait for what other resources of the same update may bring. Milliseconds. */
export interface Patience {
  /** For a kind whose CRD may be created in the same update. */
  readonly kindMs: number;
  /** For a namespace that may be created in the same update. */
  readonly namespaceMs: number;
}

/** Who applies an object, and how. */
export interface ApplyOptions {
  readonly manager: string;
  readonly force: boolean;
  /** Let the server compute the result without storing it. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/** The objects of one cluster. */
export class Cluster {
  readonly discovery: Discovery;
  /** The namespace of the kubeconfig's context. */
  readonly contextNamespace: string | undefined;
  readonly #client: ApiClient;
  readonly #patience: Patience;

  constructor(access: ClusterAccess, patience: Patience, options: ApiClientOptions = {}) {
    this.#client = new ApiClient(access, options);
    this.discovery = new Discovery(this.#client);
    this.contextNamespace = access.namespace;
    this.#patience = patience;
  }

  /**
   * The resource of a kind; waits a while for a kind that is not there.
   * @throws StalledError `cluster/kind-unknown`
   */
  async resource(kind: Kind, signal?: AbortSignal): Promise<ApiResource> {
    const found = await until(this.#patience.kindMs, signal, () => this.discovery.find(kind));
    if (found === undefined) {
      throw unknownKindError(kind);
    }
    return found;
  }

  /**
   * The live object, or undefined.
   * @throws as {@link refusedError} says
   */
  async get(resource: ApiResource, name: ObjectName, signal?: AbortSignal): Promise<JsonObject | undefined> {
    const answer = await this.#client.send({ method: 'GET', path: pathOf(resource, name) }, signal);
    if (!answer.ok && answer.refusal.status === 404) {
      return undefined;
    }
    return objectOf(answer, `${resource.plural} "${name.name}"`);
  }

  /** Applies an object on the server's side. Waits a while for its namespace. */
  async apply(
    resource: ApiResource,
    name: ObjectName,
    manifest: JsonObject,
    options: ApplyOptions,
  ): Promise<ApiAnswer> {
    const query = `fieldManager=${encodeURIComponent(options.manager)}&force=${options.force}${options.dryRun === true ? '&dryRun=All' : ''}`;
    const request = {
      method: 'PATCH',
      path: `${pathOf(resource, name)}?${query}`,
      body: manifest,
      contentType: 'application/apply-patch+yaml',
    } as const;
    return this.#whenReady(() => this.#client.send(request, options.signal), options);
  }

  /** Creates an object whose name the server makes from `generateName`, or asks what a creation would give (`dryRun`). */
  async create(
    resource: ApiResource,
    namespace: string | undefined,
    manifest: JsonObject,
    options: ApplyOptions,
  ): Promise<ApiAnswer> {
    const query = `fieldManager=${encodeURIComponent(options.manager)}${options.dryRun === true ? '&dryRun=All' : ''}`;
    const place = namespace === undefined ? {} : { namespace };
    const request = {
      method: 'POST',
      path: `${pathOf(resource, place)}?${query}`,
      body: manifest,
      once: true,
    } as const;
    return this.#whenReady(() => this.#client.send(request, options.signal), options);
  }

  /** Asks for the deletion of an object. Returns whether it is gone already; with a uid, another one of its name is not it. */
  async remove(
    resource: ApiResource,
    name: ObjectName,
    { propagation, uid }: { readonly propagation: string; readonly uid?: string | undefined },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const body = { propagationPolicy: propagation, ...(uid !== undefined && { preconditions: { uid } }) };
    const answer = await this.#client.send({ method: 'DELETE', path: pathOf(resource, name), body }, signal);
    if (!answer.ok && [404, 409].includes(answer.refusal.status)) {
      return true;
    }
    return objectOf(answer, `deletion of ${resource.plural} "${name.name}"`)['kind'] === 'Status';
  }

  /** Waits until an object is gone, or another one has its name. Returns the object when time is up before that. */
  async untilGone(
    resource: ApiResource,
    name: ObjectName,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<JsonObject | undefined> {
    let last: JsonObject | undefined;
    const uid = (object: JsonObject | undefined): unknown => objectAt(object ?? {}, 'metadata')['uid'];
    const gone = await until(timeoutMs, signal, async () => {
      const object = await this.get(resource, name, signal);
      const isGone = object === undefined || (last !== undefined && uid(last) !== uid(object));
      last = object;
      return isGone ? true : undefined;
    });
    return gone === true ? undefined : last;
  }

  /** Waits a while until the API server serves the kinds of a CustomResourceDefinition. */
  async untilEstablished(
    resource: ApiResource,
    name: ObjectName,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<JsonObject | undefined> {
    return until(timeoutMs, signal, async () => {
      const object = await this.get(resource, name, signal);
      const conditions = valueAt(object, ['status', 'conditions']);
      const isServed =
        Array.isArray(conditions) &&
        conditions.some((item) => isObject(item) && item['type'] === 'Established' && item['status'] === 'True');
      return isServed ? object : undefined;
    });
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  async #whenReady(send: () => Promise<ApiAnswer>, { dryRun, signal }: ApplyOptions): Promise<ApiAnswer> {
    let answer = await send();
    if (dryRun !== true && isNotReady(answer)) {
      await until(this.#patience.namespaceMs, signal, async () => {
        answer = await send();
        return isNotReady(answer) ? undefined : true;
      });
    }
    return answer;
  }
}

/**
 * The object in an answer.
 * @throws as {@link refusedError} says
 */
export function objectOf(answer: ApiAnswer, subject: string): JsonObject {
  if (!answer.ok) {
    throw refusedError(answer.refusal, subject);
  }
  if (!isObject(answer.body)) {
    throw new TransientError(
      'cluster/unreachable',
      `${subject}: the API server answered with something that is no object`,
    );
  }
  return answer.body;
}

/** The error for an object that does not go away. */
export function stillThereError(subject: string, object: JsonObject, timeoutMs: number): StalledError {
  const listed = objectAt(object, 'metadata')['finalizers'] ?? valueAt(object, ['spec', 'finalizers']);
  const finalizers = Array.isArray(listed) ? listed.filter((item) => typeof item === 'string') : [];
  const waitsFor = finalizers.length > 0 ? `; it waits for its finalizers ${finalizers.join(', ')}` : '';
  return new StalledError(
    'cluster/rejected',
    `${subject} is being deleted but is still there after ${formatDuration(timeoutMs)}${waitsFor}. Run the update again when it is gone`,
  );
}

/** A namespace, or the path of a new CRD, that is not there yet. */
function isNotReady(answer: ApiAnswer): boolean {
  return !answer.ok && answer.refusal.status === 404 && ['namespaces', ''].includes(answer.refusal.about);
}

async function until<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const result = await ask();
    const left = deadline - performance.now();
    if (result !== undefined || left <= 0) {
      return result;
    }
    await pauseFor(Math.min(pause, left), signal);
  }
}

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new CancelledError('cancelled/shutdown', 'the operation was cancelled', { cause: error });
  }
}
