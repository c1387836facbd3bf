import { isObject, type Json, type JsonObject } from './json.js';
import { chosenCluster, isKubeconfigText, parseKubeconfig, type KubeconfigChoice } from './kubeconfig.js';
import { plainObjectOf } from './property-value.js';
import type { Mutability } from './immutable-fields.js';

/** The provider's configuration. */
export interface Settings extends KubeconfigChoice {
  /** The namespace of objects that name none. @default - that of the kubeconfig's context, then `default` */
  readonly namespace?: string;
  readonly mutable: Mutability;
  /** Adopt objects that are there already, instead of failing. */
  readonly upsert: boolean;
  /** Take over fields that other managers own. */
  readonly force: boolean;
}

/** A setting that cannot be used. */
export interface SettingFailure {
  readonly property: string;
  readonly reason: string;
}

const FLAGS = {
  enableConfigMapMutable: 'PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE',
  enableSecretMutable: 'PULUMI_K8S_ENABLE_SECRET_MUTABLE',
  upsertExistingObjects: 'PULUMI_K8S_UPSERT_EXISTING_OBJECTS',
  enablePatchForce: 'PULUMI_K8S_ENABLE_PATCH_FORCE',
} as const;

const UNSUPPORTED: Readonly<Record<string, 'true' | 'false'>> = {
  enableServerSideApply: 'false',
  deleteUnreachable: 'true',
  skipUpdateUnreachable: 'true',
};

/** Reads the provider's inputs. Flags may be texts; a flag that is not given is looked up in the environment. */
export function settingsOf(inputs: JsonObject, env: NodeJS.ProcessEnv): Settings {
  const given = plainObjectOf(inputs);
  const flag = (key: keyof typeof FLAGS): boolean => isTrue(given[key] ?? env[FLAGS[key]]);
  const kubeconfig = isObject(given['kubeconfig']) ? JSON.stringify(given['kubeconfig']) : given['kubeconfig'];
  return {
    ...textSetting('kubeconfig', kubeconfig),
    ...textSetting('context', given['context']),
    ...textSetting('cluster', given['cluster']),
    ...textSetting('namespace', given['namespace']),
    mutable: { configMaps: flag('enableConfigMapMutable'), secrets: flag('enableSecretMutable') },
    upsert: flag('upsertExistingObjects'),
    force: flag('enablePatchForce'),
  };
}

/** Settings of the official provider that would be ignored here; ignoring them in silence could do harm. */
export function failuresOf(inputs: JsonObject): SettingFailure[] {
  const given = plainObjectOf(inputs);
  const failures = Object.entries(UNSUPPORTED)
    .filter(([key, value]) => given[key] === value || given[key] === (value === 'true'))
    .map(([property, value]) => ({
      property,
      reason: `"${value}" is not supported by the sandbox's Kubernetes provider; leave it out`,
    }));
  if (typeof given['renderYamlToDirectory'] === 'string' && given['renderYamlToDirectory'] !== '') {
    failures.push({
      property: 'renderYamlToDirectory',
      reason: "the sandbox's Kubernetes provider does not render YAML files",
    });
  }
  return failures;
}

/** The settings whose change means another cluster, so that every object has to be made anew there. */
export function clusterChange(oldInputs: JsonObject, newInputs: JsonObject): string[] {
  const [before, after] = [plainObjectOf(oldInputs), plainObjectOf(newInputs)];
  if (before['clusterIdentifier'] !== undefined && after['clusterIdentifier'] !== undefined) {
    return before['clusterIdentifier'] === after['clusterIdentifier'] ? [] : ['clusterIdentifier'];
  }
  const [was, is] = [identityOf(before), identityOf(after)];
  const isOther = was !== undefined && is !== undefined && was.server !== is.server && was.ca !== is.ca;
  return isOther ? ['kubeconfig'] : [];
}

/** Whether two sets of provider inputs differ at all. */
export function changedKeys(oldInputs: JsonObject, newInputs: JsonObject): string[] {
  const [before, after] = [plainObjectOf(oldInputs), plainObjectOf(newInputs)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

function identityOf(inputs: JsonObject): { server: Json | undefined; ca: Json | undefined } | undefined {
  const { kubeconfig } = settingsOf(inputs, {});
  if (kubeconfig === undefined || !isKubeconfigText(kubeconfig)) {
    return undefined;
  }
  const cluster = chosenCluster(parseKubeconfig(kubeconfig, 'kubeconfig'), settingsOf(inputs, {}));
  return { server: cluster['server'], ca: cluster['certificate-authority-data'] ?? cluster['certificate-authority'] };
}

function textSetting<K extends 'kubeconfig' | 'context' | 'cluster' | 'namespace'>(
  key: K,
  value: Json | undefined,
): { [P in K]?: string } {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [P in K]?: string };
}

function isTrue(value: Json | undefined): boolean {
  return value === true || (typeof value === 'string' && ['1', 't', 'true'].includes(value.toLowerCase()));
}
