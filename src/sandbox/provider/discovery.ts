import { StalledError } from '../../base/errors.js';
import type { ApiClient } from './api-client.js';
import { refusedError } from './api-error.js';
import { isObject, type Json } from './json.js';
import { apiVersionOf, describeKind, type Kind, type ObjectName } from './kind.js';

/** How the API server serves a kind. */
export interface ApiResource {
  /** The path of the group and version, such as `/apis/apps/v1`. */
  readonly base: string;
  /** Such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

type KindTable = ReadonlyMap<string, ApiResource>;

/** Learns from the API server which kinds it has. What is known stays known; what is missing is asked for again. */
export class Discovery {
  readonly #client: ApiClient;
  readonly #known = new Map<string, KindTable>();
  readonly #asking = new Map<string, Promise<KindTable>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /**
   * The resource of a kind, or undefined when the API server does not have it now.
   * @throws TransientError `cluster/unreachable`, StalledError `cluster/denied`
   */
  async find(kind: Kind): Promise<ApiResource | undefined> {
    const group = apiVersionOf(kind);
    const known = this.#known.get(group)?.get(kind.kind);
    if (known !== undefined) {
      return known;
    }
    const table = await this.#ask(group, kind.group === '' ? `/api/${kind.version}` : `/apis/${group}`);
    return table.get(kind.kind);
  }

  /** Forgets a group and version, because its CRD was changed or removed. */
  forget(group: string): void {
    for (const known of this.#known.keys()) {
      if (known.startsWith(`${group}/`)) {
        this.#known.delete(known);
      }
    }
  }

  #ask(group: string, base: string): Promise<KindTable> {
    const asking = this.#asking.get(group) ?? this.#fetch(group, base).finally(() => this.#asking.delete(group));
    this.#asking.set(group, asking);
    return asking;
  }

  async #fetch(group: string, base: string): Promise<KindTable> {
    const answer = await this.#client.send({ method: 'GET', path: base });
    if (!answer.ok) {
      if (answer.refusal.status === 404) {
        return new Map();
      }
      throw refusedError(answer.refusal, `kinds of ${group}`);
    }
    const table = kindTableOf(base, answer.body);
    this.#known.set(group, table);
    return table;
  }
}

/** The error for a kind that the API server does not have. */
export function unknownKindError(kind: Kind): StalledError {
  return new StalledError(
    'cluster/kind-unknown',
    `the API server has no kind ${describeKind(kind)}: install its CustomResourceDefinition first (group "${kind.group}"), ` +
      'and let this resource depend on it (dependsOn) when the same program creates it',
  );
}

/** The path of an object, or of its collection when no name is given. */
export function pathOf(resource: ApiResource, object: Partial<ObjectName>): string {
  const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(object.namespace ?? 'default')}` : '';
  const name = object.name === undefined ? '' : `/${encodeURIComponent(object.name)}`;
  return `${resource.base}${scope}/${resource.plural}${name}`;
}

function kindTableOf(base: string, body: Json): KindTable {
  const resources = isObject(body) && Array.isArray(body['resources']) ? body['resources'].filter(isObject) : [];
  const table = new Map<string, ApiResource>();
  for (const { name, kind, namespaced } of resources) {
    if (typeof name === 'string' && typeof kind === 'string' && !name.includes('/')) {
      table.set(kind, { base, plural: name, namespaced: namespaced === true });
    }
  }
  return table;
}
