import type { Manifest } from '../app/manifest.js';
import { ConfigError } from '../base/errors.js';
import { parseKubernetesYaml, type YamlDocument, YamlSyntaxError } from '../constructs/kubernetes-yaml.js';
import { cleanManifest } from './clean-manifest.js';
import { describeOrigin, type Origin, type SourceObject } from './source-object.js';
import { isEncrypted, withStandIns } from './sops-file.js';

/** The objects of one file, and the documents that are not objects. */
export interface ParsedFile {
  readonly objects: readonly SourceObject[];
  readonly skipped: readonly SkippedDocument[];
}

/** A document or an object that is not imported. */
export interface SkippedDocument {
  readonly origin: Origin;
  readonly reason: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the objects of a YAML or JSON text. Lists are taken apart; documents without `apiVersion` and `kind` are passed over.
 * @param file the file's name, for messages
 * @throws ConfigError `config/invalid` that names file, document and line
 */
export function parseManifests(text: string, file: string): ParsedFile {
  const objects: SourceObject[] = [];
  const skipped: SkippedDocument[] = [];
  for (const [index, { value, line }] of documentsOf(text, file).entries()) {
    const origin = { file, document: index + 1, line };
    for (const item of itemsOf(value)) {
      const read = readObject(item, origin);
      if ('reason' in read) {
        skipped.push(read);
      } else {
        objects.push(read);
      }
    }
  }
  return { objects, skipped };
}

function documentsOf(text: string, file: string): readonly YamlDocument[] {
  try {
    return /^\s*\{/.test(text) && file.endsWith('.json')
      ? [{ value: JSON.parse(text) as unknown, line: 1 }]
      : parseKubernetesYaml(text);
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      throw new ConfigError('config/invalid', `${file}, line ${error.line}: ${error.message}`, { cause: error });
    }
    if (error instanceof SyntaxError) {
      // JSON.parse quotes the text, which may hold secrets.
      throw new ConfigError('config/invalid', `${file} is not valid JSON`);
    }
    throw error;
  }
}

/** The objects of a `List`, which may hold lists; any other document is one item. */
function itemsOf(value: unknown): readonly unknown[] {
  if (
    !isFields(value) ||
    typeof value.kind !== 'string' ||
    !value.kind.endsWith('List') ||
    !Array.isArray(value.items)
  ) {
    return [value];
  }
  const { apiVersion } = value;
  const kind = value.kind.slice(0, -'List'.length);
  return value.items.flatMap((item: unknown) =>
    isFields(item) && item.kind === undefined && kind !== '' ? [{ apiVersion, kind, ...item }] : itemsOf(item),
  );
}

function readObject(value: unknown, origin: Origin): SourceObject | SkippedDocument {
  if (!isFields(value) || (value.apiVersion === undefined && value.kind === undefined)) {
    return { origin, reason: 'not a Kubernetes object: it has neither apiVersion nor kind' };
  }
  const manifest = checkedManifest(value, origin);
  const owners = manifest.metadata.ownerReferences;
  if (Array.isArray(owners) && owners.length > 0) {
    const name = `${manifest.kind} ${manifest.metadata.name}`;
    return { origin, reason: `${name} belongs to a controller, which makes it (ownerReferences)` };
  }
  const encrypted = isEncrypted(manifest);
  const { manifest: cleaned, dropped } = cleanManifest(encrypted ? withStandIns(manifest) : manifest);
  const notes = dropped.length === 0 ? [] : [`left out what the API server writes: ${dropped.join(', ')}`];
  return { manifest: cleaned, origin, notes, ...(encrypted ? { encrypted } : {}) };
}

function checkedManifest(value: Fields, origin: Origin): Manifest {
  const { apiVersion, kind, metadata } = value;
  const problems = [
    ...(isText(apiVersion) ? [] : ['apiVersion is missing']),
    ...(isText(kind) ? [] : ['kind is missing']),
    ...(isFields(metadata) ? metadataProblems(metadata) : ['metadata is missing']),
  ];
  if (problems.length > 0) {
    throw new ConfigError('config/invalid', `${describeOrigin(origin)}: ${problems.join('; ')}`);
  }
  return value as unknown as Manifest;
}

function metadataProblems(metadata: Fields): string[] {
  const { name, generateName, namespace } = metadata;
  const unnamed = isText(generateName)
    ? 'metadata.generateName makes a new object each time; give it a name'
    : 'metadata.name is missing';
  return [
    ...(isText(name) ? [] : [unnamed]),
    ...(namespace === undefined || isText(namespace) ? [] : ['metadata.namespace is not text']),
    ...['labels', 'annotations'].flatMap((field) => textProblems(field, metadata[field])),
  ];
}

function textProblems(field: string, value: unknown): string[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (!isFields(value)) {
    return [`metadata.${field} is not a map`];
  }
  return Object.entries(value).flatMap(([key, text]) =>
    typeof text === 'string' ? [] : [`metadata.${field}.${key} is not text; quote it`],
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
