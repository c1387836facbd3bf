import * as pulumi from '@pulumi/pulumi';
import type { Manifest } from '../app/manifest.js';
import { hasSecretMarker, replaceMarkers, secretKeysIn } from '../app/secret-marker.js';

/** Gives a secret stack-config value by its key without the `prodesk:` prefix. */
export type SecretLookup = (key: string) => pulumi.Output<string>;

/** An object as the inputs of its resource. */
export interface ResourceInputs {
  readonly inputs: pulumi.Inputs;
  /** Top-level properties that hold secrets, so that the provider's outputs are kept secret too. */
  readonly secretProperties: readonly string[];
}

/**
 * The inputs of an object's resource: each text with a marker is one secret leaf, and so is each value of a `Secret`,
 * whose `stringData` moves into `data` as base64, as the API server stores it. The values are those of `resolveSecrets`.
 */
export function resourceInputsOf(manifest: Manifest, lookup: SecretLookup): ResourceInputs {
  const source = isSecret(manifest) ? encodeSecret(manifest, lookup) : manifest;
  const inputs = Object.entries(source).map(([key, value]) => [key, withSecrets(value, lookup)] as const);
  const secretProperties = inputs.filter(([, value]) => holdsSecret(value)).map(([key]) => key);
  return { inputs: Object.fromEntries(inputs), secretProperties };
}

function isSecret({ apiVersion, kind }: Manifest): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

function encodeSecret(manifest: Manifest, lookup: SecretLookup): Readonly<Record<string, unknown>> {
  const { stringData, data, ...rest } = manifest;
  if (stringData === undefined && data === undefined) {
    return rest;
  }
  const plain = mapValues(data, (text) => pulumi.secret(secretText(text, lookup)));
  const encoded = mapValues(stringData, (text) => pulumi.secret(secretText(text, lookup).apply(toBase64)));
  return { ...rest, data: { ...plain, ...encoded } };
}

function mapValues(
  values: unknown,
  map: (text: string) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries((values ?? {}) as Record<string, string>).map(([k, text]) => [k, map(text)]),
  );
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function secretText(text: string, lookup: SecretLookup): pulumi.Output<string> {
  const keys = secretKeysIn(text);
  return pulumi.all(keys.map(lookup)).apply((values) => replaceMarkers(text, (key) => values[keys.indexOf(key)] ?? ''));
}

function withSecrets(value: unknown, lookup: SecretLookup): unknown {
  if (typeof value === 'string') {
    return hasSecretMarker(value) ? pulumi.secret(secretText(value, lookup)) : value;
  }
  if (pulumi.Output.isInstance(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withSecrets(item, lookup));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, lookup)]));
  }
  return value;
}

function holdsSecret(value: unknown): boolean {
  if (pulumi.Output.isInstance(value)) {
    return true;
  }
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsSecret);
}
