import { readFileSync } from 'node:fs';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { KubeObject } from './kube-object.js';
import { checkSubdomain } from './validation.js';

/** Properties of a {@link ConfigMap}. */
export interface ConfigMapProps {
  readonly name: string;
  /** @default - no values */
  readonly data?: Readonly<Record<string, string>>;
  /** Files whose text becomes the value of a key: `{ 'nginx.conf': new URL('./nginx.conf', import.meta.url) }`. @default - no files */
  readonly files?: Readonly<Record<string, URL>>;
}

/** Plain configuration: environment variables or small files. */
export class ConfigMap extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeConfigMapProps>;

  constructor(scope: Construct, id: string, props: ConfigMapProps) {
    super(scope, id);
    this.name = checkSubdomain('config map name', props.name);
    const { data = {}, files = {} } = props;
    const twice = Object.keys(files).find((key) => key in data);
    if (twice !== undefined) {
      throw new RangeError(`key of config map ${this.name} is both a value and a file: "${twice}"`);
    }
    const texts = Object.entries(files).map(([key, file]) => [key, readFileSync(file, 'utf8')] as const);
    const all: Record<string, string> = { ...data, ...Object.fromEntries(texts) };
    checkKeys(`config map ${this.name}`, Object.keys(all));
    this.object = new KubeObject(this, 'config-map', k8s.KubeConfigMap, { metadata: { name: this.name }, data: all });
  }
}

/**
 * Keys of a ConfigMap or a Secret.
 * @throws RangeError when the API would refuse one
 */
export function checkKeys(what: string, keys: readonly string[]): void {
  const bad = keys.find((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key));
  if (bad !== undefined) {
    throw new RangeError(`key of ${what} may hold only letters, digits, "-", "_" and ".": "${bad}"`);
  }
}
