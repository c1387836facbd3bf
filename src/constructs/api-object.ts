import { ApiObject as CdkApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Manifest } from '../app/index.js';

/** An object as its manifest writes it; its namespace is the application's unless it says another. */
export type ApiObjectProps = Manifest;

/** A Kubernetes object of any kind, for what no other construct makes. Its fields are taken exactly as they are. */
export class ApiObject extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: ApiObjectProps) {
    super(scope, id);
    for (const [field, text] of Object.entries({ apiVersion: props.apiVersion, kind: props.kind })) {
      if (!/^\S+$/.test(text)) {
        throw new RangeError(`${field} of object ${props.metadata.name} is empty or holds a blank: "${text}"`);
      }
    }
    this.name = props.metadata.name;
    new ExactObject(this, 'object', props);
  }
}

/** cdk8s would sort fields and drop those that are null. */
class ExactObject extends CdkApiObject {
  readonly #manifest: Manifest;

  constructor(scope: Construct, id: string, manifest: Manifest) {
    const { apiVersion, kind, metadata } = manifest;
    super(scope, id, { apiVersion, kind, metadata: { name: metadata.name } });
    this.#manifest = manifest;
  }

  override toJson(): Manifest {
    return this.#manifest;
  }
}
