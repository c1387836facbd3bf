import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkKeys } from './config-map.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link Secret}. */
export interface SecretProps extends MetadataOptions {
  readonly name: string;
  /** What `context.secret(...)` gave, by key; the values are put in at deployment. */
  readonly values: Readonly<Record<string, string>>;
  /** @default Opaque */
  readonly type?: string;
  /** Refuses every later change. @default - the API's: false */
  readonly immutable?: boolean;
}

/** A Secret whose values come from the stack configuration. */
export class Secret extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeSecretProps>;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    this.name = checkSubdomain('secret name', props.name);
    checkKeys(`secret ${this.name}`, Object.keys(props.values));
    this.object = new KubeObject(
      this,
      'secret',
      k8s.KubeSecret,
      defined({
        metadata: renderMetadata(this.name, props),
        immutable: props.immutable,
        type: props.type ?? 'Opaque',
        stringData: { ...props.values },
      }),
    );
  }
}
