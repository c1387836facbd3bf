import * as pulumi from '@pulumi/pulumi';
import { refOf, type Manifest } from '../app/manifest.js';
import { tokenOf } from '../app/resource-name.js';
import { resourceInputsOf, type SecretLookup } from './secret-inputs.js';

/** Options of {@link KubernetesObject}. */
export interface KubernetesObjectOptions extends pulumi.CustomResourceOptions {
  readonly secret: SecretLookup;
}

/** One object of any kind; the provider learns the kind from the token, so that no class per kind is needed. */
export class KubernetesObject extends pulumi.CustomResource {
  constructor(name: string, manifest: Manifest, { secret, ...options }: KubernetesObjectOptions) {
    const { inputs, secretProperties } = resourceInputsOf(manifest, secret);
    super(tokenOf(refOf(manifest)), name, inputs, { ...options, additionalSecretOutputs: [...secretProperties] });
  }
}
