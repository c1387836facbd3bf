import { Construct } from 'constructs';
import type { Manifest } from '../app/index.js';
import { KubeObject } from './kube-object.js';

/** The kind of an object that is taken as it is written. */
export const AS_WRITTEN = { manifest: (manifest: Manifest): Manifest => manifest };

/** Any object of any kind, as it would be written in a manifest file: for what no construct says. */
export class PlainObject extends Construct {
  readonly name: string;
  readonly object: KubeObject<Manifest>;

  constructor(scope: Construct, id: string, manifest: Manifest) {
    super(scope, id);
    this.name = manifest.metadata.name;
    this.object = new KubeObject(this, 'object', AS_WRITTEN, manifest);
  }
}
