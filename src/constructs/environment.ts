import { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** One variable, and where its value comes from. */
interface Variable {
  readonly variable: string;
}

/** Where a container's environment variables come from. */
export type EnvironmentSource =
  | { readonly from: 'values'; readonly values: Readonly<Record<string, string>> }
  | ({ readonly from: 'configMap' | 'secret'; readonly name: string } & WholeOptions)
  | (Variable & {
      readonly from: 'configMapKey' | 'secretKey';
      readonly name: string;
      readonly key: string;
      readonly optional?: boolean;
    })
  | (Variable & { readonly from: 'field'; readonly path: string })
  | (Variable & { readonly from: 'resource'; readonly resource: string; readonly divisor?: string });

/** How all keys of a ConfigMap or a Secret become variables. */
export interface WholeOptions {
  /** Put before every key. @default - nothing */
  readonly prefix?: string;
  /** Whether the container starts without it. @default - the API's: false */
  readonly optional?: boolean;
}

/** How one key of a ConfigMap or a Secret becomes a variable. */
export interface KeyOptions {
  /** Whether the container starts without it. @default - the API's: false */
  readonly optional?: boolean;
}

/** Variables written in the manifest itself. Not for secrets. */
export function values(variables: Readonly<Record<string, string>>): EnvironmentSource {
  return { from: 'values', values: variables };
}

/** Every key of a ConfigMap as a variable. */
export function fromConfigMap(configMap: NameOrConstruct, options: WholeOptions = {}): EnvironmentSource {
  return { from: 'configMap', name: nameOf(configMap), ...options };
}

/** Every key of a Secret as a variable. */
export function fromSecret(secret: NameOrConstruct, options: WholeOptions = {}): EnvironmentSource {
  return { from: 'secret', name: nameOf(secret), ...options };
}

/**
 * One key of a ConfigMap as one variable.
 * @param key the key in the ConfigMap; the variable's name when it is left out
 */
export function fromConfigMapKey(
  variable: string,
  configMap: NameOrConstruct,
  key = variable,
  options: KeyOptions = {},
): EnvironmentSource {
  return { from: 'configMapKey', variable, name: nameOf(configMap), key, ...options };
}

/**
 * One key of a Secret as one variable.
 * @param key the key in the Secret; the variable's name when it is left out
 */
export function fromSecretKey(
  variable: string,
  secret: NameOrConstruct,
  key = variable,
  options: KeyOptions = {},
): EnvironmentSource {
  return { from: 'secretKey', variable, name: nameOf(secret), key, ...options };
}

/** A field of the pod, such as `metadata.name` or `status.podIP`. */
export function fromField(variable: string, path: string): EnvironmentSource {
  return { from: 'field', variable, path };
}

/**
 * What the container may use.
 * @param resource such as `limits.memory` or `requests.cpu`
 * @param divisor the unit, such as `1Mi`
 */
export function fromResource(variable: string, resource: string, divisor?: string): EnvironmentSource {
  return defined({ from: 'resource' as const, variable, resource, divisor });
}

/**
 * The `env` and `envFrom` of a container; sources keep their order.
 * @throws RangeError when a variable's name is not one, or is given twice
 */
export function renderEnvironment(sources: readonly EnvironmentSource[]): Pick<k8s.Container, 'env' | 'envFrom'> {
  const env = sources.flatMap(renderVariables);
  const envFrom = sources.flatMap(renderWhole);
  checkVariables(env.map(({ name }) => name));
  return { ...(env.length > 0 ? { env } : {}), ...(envFrom.length > 0 ? { envFrom } : {}) };
}

function renderVariables(source: EnvironmentSource): k8s.EnvVar[] {
  if (source.from === 'values') {
    return Object.entries(source.values).map(([name, value]) => ({ name, value }));
  }
  return 'variable' in source ? [{ name: source.variable, valueFrom: renderReference(source) }] : [];
}

function renderReference(source: Extract<EnvironmentSource, Variable>): k8s.EnvVarSource {
  switch (source.from) {
    case 'configMapKey':
    case 'secretKey': {
      const reference = defined({ name: source.name, key: source.key, optional: source.optional });
      return source.from === 'secretKey' ? { secretKeyRef: reference } : { configMapKeyRef: reference };
    }
    case 'field':
      return { fieldRef: { fieldPath: source.path } };
    case 'resource': {
      const divisor = source.divisor === undefined ? undefined : k8s.Quantity.fromString(source.divisor);
      return { resourceFieldRef: defined({ resource: source.resource, divisor }) };
    }
  }
}

function renderWhole(source: EnvironmentSource): k8s.EnvFromSource[] {
  if (source.from !== 'configMap' && source.from !== 'secret') {
    return [];
  }
  const { name, optional, prefix } = source;
  const reference = defined({ name, optional });
  return [defined(source.from === 'secret' ? { prefix, secretRef: reference } : { prefix, configMapRef: reference })];
}

function checkVariables(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      throw new RangeError(`not the name of an environment variable: "${name}"`);
    }
    if (seen.has(name)) {
      throw new RangeError(`environment variable is given twice: "${name}"`);
    }
    seen.add(name);
  }
}
