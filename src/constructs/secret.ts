import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { checkKeys } from './config-map.js';
import { checkSubdomain } from './validation.js';

/** Properties of a {@link Secret}. */
export interface SecretProps {
  readonly name: string;
  /** What `context.secret(...)` gave, by key; the values are put in at deployment. */
  readonly values: Readonly<Record<string, string>>;
  /** @default Opaque */
  readonly type?: string;
}

/** A Secret whose values come from the stack configuration. */
export class Secret extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeSecretProps>;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    this.name = checkSubdomain('secret name', props.name);
    checkKeys(`secret ${this.name}`, Object.keys(props.values));
    this.object = new KubeObject(this, 'secret', k8s.KubeSecret, {
      metadata: { name: this.name },
      type: props.type ?? 'Opaque',
      stringData: { ...props.values },
    });
  }
}
