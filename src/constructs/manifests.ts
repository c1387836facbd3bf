import { readdirSync, readFileSync } from 'node:fs';
import { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../app/index.js';
import { type HasObject, KubeObject } from './kube-object.js';
import { AS_WRITTEN } from './plain-object.js';

/** Properties of {@link Manifests}. */
export interface ManifestsProps {
  /** YAML files, or folders of which every `.yaml`, `.yml` and `.json` file is read: `new URL('./manifests/', import.meta.url)`. */
  readonly from: URL | readonly URL[];
  /** Texts to put in the place of `${NAME}`. Every other `${...}` stays. @default - nothing is replaced */
  readonly replace?: Readonly<Record<string, string>>;
  /** Changes each object, or leaves it out by giving `undefined`. @default - objects stay as they are written */
  readonly transform?: (manifest: Manifest) => Manifest | undefined;
}

/** An object of {@link Manifests}. */
export interface FoundObject extends HasObject<Manifest> {
  readonly name: string;
}

/** Objects that YAML files already say, such as those that a project publishes. */
export class Manifests extends Construct {
  readonly #objects: readonly KubeObject<Manifest>[];

  constructor(scope: Construct, id: string, props: ManifestsProps) {
    super(scope, id);
    const sources = props.from instanceof URL ? [props.from] : props.from;
    const { transform = (manifest: Manifest) => manifest } = props;
    this.#objects = sources
      .flatMap(filesIn)
      .flatMap((file) => objectsIn(file, props.replace ?? {}))
      .map(transform)
      .filter((manifest) => manifest !== undefined)
      .map((manifest, index) => new KubeObject(this, String(index), AS_WRITTEN, manifest));
  }

  /**
   * One of the objects, to patch it.
   * @throws RangeError when there is no such object, or there are several
   */
  find(kind: string, name: string): FoundObject {
    const found = this.#objects.filter((object) => object.kind === kind && object.name === name);
    const [object] = found;
    if (object === undefined || found.length > 1) {
      throw new RangeError(`${found.length} objects of the manifests are ${kind} "${name}"`);
    }
    return { name, object };
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

function objectsIn(file: URL, replace: Readonly<Record<string, string>>): Manifest[] {
  const text = readFileSync(file, 'utf8').replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => replace[name] ?? whole);
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new RangeError(`${fileName(file)} is not YAML: ${error.message.split('\n')[0] ?? ''}`);
    }
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : itemsOf(value).map((item) => checkManifest(item, file));
  });
}

/** A `List` stands for its items. */
function itemsOf(document: unknown): readonly unknown[] {
  const { kind, items } = document as { kind?: unknown; items?: unknown };
  return kind === 'List' && Array.isArray(items) ? (items as unknown[]) : [document];
}

function checkManifest(value: unknown, file: URL): Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Record<string, unknown>;
  const { name } = (metadata ?? {}) as Record<string, unknown>;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') {
    throw new RangeError(`${fileName(file)} holds something without apiVersion, kind or metadata.name`);
  }
  return value as Manifest;
}

function fileName(file: URL): string {
  return decodeURIComponent(file.pathname.split('/').at(-1) ?? '');
}
