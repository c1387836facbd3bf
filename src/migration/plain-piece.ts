import type { Manifest } from '../app/manifest.js';
import { writeKubernetesYaml } from '../constructs/kubernetes-yaml.js';
import { type CodeValue, Expression, renderText } from './code.js';
import { kebabCase, type Piece } from './piece.js';
import { secretExpression, type SecretNames } from './secret-names.js';
import type { SourceObject } from './source-object.js';

const FIRST_FIELDS = ['apiVersion', 'kind', 'metadata', 'name', 'image', 'command', 'args'];

/** What an application's pieces have in common. */
export interface AppFrame {
  readonly namespace: string;
  readonly secrets: SecretNames;
}

/** The object in the form that always fits: its manifest as it is, with secret values taken out of it. */
export function plainPiece(object: SourceObject, { namespace, secrets }: AppFrame): Piece {
  const manifest = withoutOwnNamespace(object.manifest, namespace);
  const props = manifest.kind === 'Secret' ? withSecrets(manifest, object, secrets) : manifest;
  const { name } = manifest.metadata;
  return {
    construct: 'ApiObject',
    name,
    props: inReadingOrder(props as CodeValue),
    uses: [],
    objects: [object],
    files: manifest.kind === 'Secret' ? secrets.filesOf(object.manifest) : [],
  };
}

/** Tools print fields in the order of the alphabet; people read names first. */
function inReadingOrder(value: CodeValue): CodeValue {
  if (value instanceof Expression || value === null || typeof value !== 'object') {
    return value;
  }
  if (Array.isArray(value)) {
    return (value as readonly CodeValue[]).map(inReadingOrder);
  }
  const fields = value as Readonly<Record<string, CodeValue>>;
  const first = FIRST_FIELDS.filter((key) => Object.hasOwn(fields, key)).map((key) => [key, fields[key]] as const);
  const rest = Object.entries(fields).filter(([key]) => !FIRST_FIELDS.includes(key));
  return Object.fromEntries([...first, ...rest].map(([key, item]) => [key, inReadingOrder(item)]));
}

/**
 * The object in a YAML file beside the application, for long ones.
 * @param taken the files that are there already
 */
export function filePiece(object: SourceObject, { namespace }: AppFrame, taken: ReadonlySet<string>): Piece {
  const manifest = withoutOwnNamespace(object.manifest, namespace);
  const { name } = manifest.metadata;
  const path = fileName(manifest, taken);
  const text = writeKubernetesYaml(manifest);
  return {
    construct: 'YamlFile',
    name,
    props: { file: fileExpression(path) },
    uses: [],
    objects: [object],
    files: [{ path, text }],
  };
}

/** Objects of several namespaces or groups may have one kind and name. */
function fileName({ kind, metadata }: Manifest, taken: ReadonlySet<string>): string {
  const place = metadata.namespace === undefined ? [] : [metadata.namespace];
  const stem = [kebabCase(kind), ...place, metadata.name].join('-').replaceAll(/[^A-Za-z0-9.-]/g, '-');
  let path = `${stem}.yaml`;
  for (let next = 2; taken.has(path); next += 1) {
    path = `${stem}-${next}.yaml`;
  }
  return path;
}

/** Whether an object may be written to a file: a Secret's values must not. */
export function canBeFile({ manifest }: SourceObject): boolean {
  return manifest.kind !== 'Secret';
}

function withoutOwnNamespace(manifest: Manifest, own: string): Manifest {
  const { namespace, ...metadata } = manifest.metadata;
  return namespace === own ? { ...manifest, metadata } : manifest;
}

function withSecrets(manifest: Manifest, object: SourceObject, secrets: SecretNames): CodeValue {
  const { data: _, stringData: __, ...rest } = manifest;
  const values = secrets.of(object.manifest);
  const pick = (isBase64: boolean): CodeValue => {
    const chosen = values.filter((value) => value.isBase64 === isBase64);
    return chosen.length === 0
      ? undefined
      : Object.fromEntries(chosen.map((value) => [value.key, secretExpression(value)]));
  };
  return { ...(rest as { readonly [key: string]: CodeValue }), data: pick(true), stringData: pick(false) };
}

/** The expression that names a file beside the application. */
export function fileExpression(path: string): Expression {
  return new Expression(`new URL(${renderText(`./${path}`)}, import.meta.url)`);
}
