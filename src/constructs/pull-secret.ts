import { Construct } from 'constructs';
import { defined } from './defined.js';
import { Secret } from './secret.js';
import type { MetadataOptions } from './workload.js';

/** Properties of a {@link PullSecret}. */
export interface PullSecretProps extends MetadataOptions {
  /** @default ghcr-pull */
  readonly name?: string;
  /** The registry's host. @default ghcr.io */
  readonly registry?: string;
  readonly username: string;
  /** What `context.secret(...)` gave. The value must hold no `"` and no `\`, because it is put into JSON. */
  readonly password: string;
}

/** Registry credentials with which nodes pull private images. */
export class PullSecret extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: PullSecretProps) {
    super(scope, id);
    const { username, password } = props;
    const config = { auths: { [props.registry ?? 'ghcr.io']: { username, password } } };
    const { namespace, labels, annotations } = props;
    const secret = new Secret(this, 'secret', {
      ...defined({ namespace, labels, annotations }),
      name: props.name ?? 'ghcr-pull',
      type: 'kubernetes.io/dockerconfigjson',
      values: { '.dockerconfigjson': JSON.stringify(config) },
    });
    this.name = secret.name;
  }
}
