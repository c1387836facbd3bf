import type { k8s } from 'cdk8s-plus-28';
import { type NameOrConstruct, nameOf } from './named.js';

/** Where a container's environment variables come from. */
export type EnvironmentSource =
  | { readonly from: 'values'; readonly values: Readonly<Record<string, string>> }
  | { readonly from: 'configMap'; readonly name: string }
  | { readonly from: 'secret'; readonly name: string }
  | { readonly from: 'secretKey'; readonly variable: string; readonly name: string; readonly key: string };

/** Variables written in the manifest itself. Not for secrets. */
export function values(variables: Readonly<Record<string, string>>): EnvironmentSource {
  return { from: 'values', values: variables };
}

/** Every key of a ConfigMap as a variable. */
export function fromConfigMap(configMap: NameOrConstruct): EnvironmentSource {
  return { from: 'configMap', name: nameOf(configMap) };
}

/** Every key of a Secret as a variable. */
export function fromSecret(secret: NameOrConstruct): EnvironmentSource {
  return { from: 'secret', name: nameOf(secret) };
}

/**
 * One key of a Secret as one variable.
 * @param key the key in the Secret; the variable's name when it is left out
 */
export function fromSecretKey(variable: string, secret: NameOrConstruct, key = variable): EnvironmentSource {
  return { from: 'secretKey', variable, name: nameOf(secret), key };
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
  return source.from === 'secretKey'
    ? [{ name: source.variable, valueFrom: { secretKeyRef: { name: source.name, key: source.key } } }]
    : [];
}

function renderWhole(source: EnvironmentSource): k8s.EnvFromSource[] {
  if (source.from === 'configMap') {
    return [{ configMapRef: { name: source.name } }];
  }
  return source.from === 'secret' ? [{ secretRef: { name: source.name } }] : [];
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
