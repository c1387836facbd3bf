import { Construct } from 'constructs';
import type { Manifest } from '../app/index.js';
import { KubeObject } from './kube-object.js';

/** An object as its manifest writes it; its namespace is the application's unless it says another. */
export type ApiObjectProps = Manifest;

const AS_WRITTEN = { manifest: (manifest: Manifest): Manifest => manifest };

/** A Kubernetes object of any kind, for what no other construct makes. Its fields are taken exactly as they are. */
export class ApiObject extends Construct {
  readonly name: string;
  readonly object: KubeObject<Manifest>;

  constructor(scope: Construct, id: string, props: ApiObjectProps) {
    super(scope, id);
    for (const [field, text] of Object.entries({ apiVersion: props.apiVersion, kind: props.kind })) {
      if (!/^\S+$/.test(text)) {
        throw new RangeError(`${field} of object ${props.metadata.name} is empty or holds a blank: "${text}"`);
      }
    }
    this.name = props.metadata.name;
    this.object = new KubeObject(this, 'object', AS_WRITTEN, props);
  }
}
