import { readdirSync, readFileSync } from 'node:fs';
import { Construct } from 'constructs';
import type { Manifest } from '../app/index.js';
import { ApiObject } from './api-object.js';
import { parseKubernetesYaml, YamlSyntaxError } from './kubernetes-yaml.js';

/** What may be done with objects that YAML files say. */
export interface ManifestsOptions {
  /** Texts to put in the place of `${NAME}`. Every other `${...}` stays. @default - nothing is replaced */
  readonly replace?: Readonly<Record<string, string>>;
  /** Changes each object, or leaves it out by giving `undefined`. @default - objects stay as they are written */
  readonly transform?: (manifest: Manifest) => Manifest | undefined;
}

/** Properties of {@link Manifests}. */
export interface ManifestsProps extends ManifestsOptions {
  /** YAML files, or folders of which every `.yaml`, `.yml` and `.json` file is read: `new URL('./manifests/', import.meta.url)`. */
  readonly from: URL | readonly URL[];
}

/** Objects that YAML files already say, such as those that a project publishes. A `List` stands for its items. */
export class Manifests extends Construct {
  readonly #objects: readonly ApiObject[];

  constructor(scope: Construct, id: string, props: ManifestsProps) {
    super(scope, id);
    const sources = props.from instanceof URL ? [props.from] : props.from;
    const { transform = (manifest: Manifest) => manifest, replace = {} } = props;
    this.#objects = sources
      .flatMap(filesIn)
      .flatMap((file) => manifestsIn(file, replace))
      .map(transform)
      .filter((manifest) => manifest !== undefined)
      .map((manifest, index) => new ApiObject(this, String(index), manifest));
  }

  /**
   * One of the objects, to patch it.
   * @throws RangeError when there is no such object, or there are several
   */
  find(kind: string, name: string): ApiObject {
    const found = this.#objects.filter(({ object }) => object.kind === kind && object.name === name);
    const [one] = found;
    if (one === undefined || found.length > 1) {
      throw new RangeError(`${found.length} objects of the manifests are ${kind} "${name}"`);
    }
    return one;
  }
}

function filesIn(source: URL): URL[] {
  if (!source.pathname.endsWith('/')) {
    return [source];
  }
  const names = readdirSync(source).filter((name) => /\.(ya?ml|json)$/.test(name));
  if (names.length === 0) {
    throw new RangeError(`folder has no YAML files: "${source.pathname}"`);
  }
  return names.sort().map((name) => new URL(encodeURIComponent(name), source));
}

function manifestsIn(file: URL, replace: Readonly<Record<string, string>>): Manifest[] {
  const name = decodeURIComponent(file.pathname.split('/').at(-1) ?? '');
  const text = readFileSync(file, 'utf8').replaceAll(/\$\{(\w+)\}/g, (whole, key: string) => replace[key] ?? whole);
  return documentsOf(text, name).flatMap(({ value, line }, index) =>
    itemsOf(value).map((item) => {
      if (!isManifest(item)) {
        throw new RangeError(`document ${index + 1} of ${name}, line ${line}, is not an object with kind and name`);
      }
      return item;
    }),
  );
}

function documentsOf(text: string, name: string): ReturnType<typeof parseKubernetesYaml> {
  try {
    return parseKubernetesYaml(text);
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      throw new RangeError(`${name}, line ${error.line}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function itemsOf(document: unknown): readonly unknown[] {
  const { kind, items } = document as { kind?: unknown; items?: unknown };
  return kind === 'List' && Array.isArray(items) ? (items as unknown[]) : [document];
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Record<string, unknown>>;
  const { name } = (metadata ?? {}) as { name?: unknown };
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
}
