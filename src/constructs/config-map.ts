import { readdirSync, readFileSync } from 'node:fs';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link ConfigMap}. */
export interface ConfigMapProps extends MetadataOptions {
  readonly name: string;
  /** @default - no values */
  readonly data?: Readonly<Record<string, string>>;
  /** Files that become the value of a key: `{ 'nginx.conf': new URL('./nginx.conf', import.meta.url) }`. @default - no files */
  readonly files?: Readonly<Record<string, URL>>;
  /** A folder of which each file becomes a key of its name: `new URL('./dashboards/', import.meta.url)`. @default - no folder */
  readonly folder?: URL;
  /** Which files of the folder, such as `/\.json$/`. @default - all but hidden ones */
  readonly include?: RegExp;
  /** Refuses every later change, which spares the API server watching it. @default - the API's: false */
  readonly immutable?: boolean;
}

interface Contents {
  readonly data: Record<string, string>;
  readonly binaryData: Record<string, string>;
}

/** Plain configuration: environment variables or files. Files that are not UTF-8 text become binary data. */
export class ConfigMap extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeConfigMapProps>;

  constructor(scope: Construct, id: string, props: ConfigMapProps) {
    super(scope, id);
    this.name = checkSubdomain('config map name', props.name);
    const { data, binaryData } = contentsOf(this.name, props);
    this.object = new KubeObject(
      this,
      'config-map',
      k8s.KubeConfigMap,
      defined({
        metadata: renderMetadata(this.name, props),
        immutable: props.immutable,
        data: Object.keys(data).length > 0 || Object.keys(binaryData).length === 0 ? data : undefined,
        binaryData: Object.keys(binaryData).length > 0 ? binaryData : undefined,
      }),
    );
  }
}

function contentsOf(name: string, { data = {}, files = {}, folder, include }: ConfigMapProps): Contents {
  const all: [string, URL][] = [...filesOf(folder, include), ...Object.entries(files)];
  const keys = [...Object.keys(data), ...all.map(([key]) => key)];
  checkKeys(`config map ${name}`, keys);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new RangeError(`key of config map ${name} is given twice, as a value or a file: "${twice}"`);
  }
  const contents: Contents = { data: { ...data }, binaryData: {} };
  for (const [key, file] of all) {
    const bytes = readFileSync(file);
    const text = bytes.toString('utf8');
    if (Buffer.from(text).equals(bytes) && !text.includes('\0')) {
      contents.data[key] = text;
    } else {
      contents.binaryData[key] = bytes.toString('base64');
    }
  }
  return contents;
}

/** Sorted, so that the order of a disk does not matter. */
function filesOf(folder: URL | undefined, include = /^[^.]/): [string, URL][] {
  if (folder === undefined) {
    return [];
  }
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
  const names = readdirSync(base, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && include.test(entry.name),
  );
  if (names.length === 0) {
    throw new RangeError(`folder has no files for a config map: "${base.pathname}"`);
  }
  return names
    .map(({ name }) => name)
    .sort()
    .map((name) => [name, new URL(encodeURIComponent(name), base)]);
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
