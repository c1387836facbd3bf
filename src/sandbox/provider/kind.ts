import { StalledError } from '../../base/errors.js';
import { textAt, type JsonObject } from './json.js';

/** Group, version and kind of an object. The core group is the empty text. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** An object's name, and its namespace where it has one. */
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

const OUT_OF_SCOPE = /^(helm\.sh|kustomize|yaml|meta)\//;
const KNOWN_GROUP = /^(core|apps|batch|autoscaling|extensions|policy|[a-z.]+\.k8s\.io)\//;

/**
 * Reads a type token such as `kubernetes:apps/v1:Deployment`.
 * @throws StalledError `cluster/rejected` for Helm, Kustomize, YAML, Patch and List types, and for what is no token
 */
export function parseTypeToken(token: string): Kind {
  const [, module, kind] = /^[^:]+:([^:]+):([^:]+)$/.exec(token) ?? [];
  if (module === undefined || kind === undefined) {
    throw new StalledError('cluster/rejected', `"${token}" is not a type of the kubernetes package`);
  }
  if (OUT_OF_SCOPE.test(`${module}/`) || (KNOWN_GROUP.test(module) && /(List|Patch)$/.test(kind))) {
    throw new StalledError(
      'cluster/rejected',
      `${token} needs the official Kubernetes plugin: the sandbox's provider has single objects only (no Helm, Kustomize, YAML, List or Patch types)`,
    );
  }
  const [group = '', version = ''] = module.split('/');
  return { group: group === 'core' ? '' : group, version, kind };
}

/** The kind that an object says it is, and where it does not say, what its type token says. */
export function kindOf(object: JsonObject, token: string): Kind {
  const fromToken = parseTypeToken(token);
  const apiVersion = textAt(object, 'apiVersion');
  const kind = textAt(object, 'kind') ?? fromToken.kind;
  if (apiVersion === undefined) {
    return { ...fromToken, kind };
  }
  const slash = apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash).replace(/^core$/, ''),
    version: apiVersion.slice(slash + 1),
    kind,
  };
}

/** The `apiVersion` field of a kind. */
export function apiVersionOf(kind: Kind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** How people write a kind: `Deployment (apps/v1)`. */
export function describeKind(kind: Kind): string {
  return `${kind.kind} (${apiVersionOf(kind)})`;
}

/** The resource identifier that the official provider gives an object: `namespace/name`, or `name`. */
export function idOf(name: ObjectName): string {
  return name.namespace === undefined ? name.name : `${name.namespace}/${name.name}`;
}

/** Reads an identifier as {@link idOf} writes it. */
export function parseId(id: string): ObjectName {
  const slash = id.indexOf('/');
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}
