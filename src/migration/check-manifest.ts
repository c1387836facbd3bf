import type { Manifest } from '../app/manifest.js';
import { type Fields, isFields } from './normal-fields.js';

/** An object, or what is missing to be one. */
export interface CheckedManifest {
  readonly manifest?: Manifest;
  readonly problems: readonly string[];
}

/** Checks what every object has: a version, a kind, a name, and labels and annotations that are text. Fields that are null are not there. */
export function checkManifest(value: Fields): CheckedManifest {
  const { apiVersion, kind, metadata, ...rest } = value;
  const problems = [
    ...(isText(apiVersion) ? [] : ['apiVersion is missing']),
    ...(isText(kind) ? [] : ['kind is missing']),
    ...(isFields(metadata) ? metadataProblems(metadata) : ['metadata is missing']),
    ...(isFields(value.sops) && kind !== 'Secret' ? ['encrypted by SOPS, and not a Secret: decrypt it first'] : []),
  ];
  return problems.length > 0
    ? { problems }
    : {
        manifest: { apiVersion, kind, metadata: withoutNulls(metadata as Fields), ...rest } as unknown as Manifest,
        problems,
      };
}

function metadataProblems(metadata: Fields): string[] {
  const { name, generateName, namespace } = metadata;
  const unnamed = isText(generateName)
    ? 'metadata.generateName makes a new object each time; give it a name'
    : 'metadata.name is missing';
  return [
    ...(isText(name) ? [] : [unnamed]),
    ...(isAbsent(namespace) || isText(namespace) ? [] : ['metadata.namespace is not text']),
    ...['labels', 'annotations'].flatMap((field) => textProblems(field, metadata[field])),
  ];
}

function textProblems(field: string, value: unknown): string[] {
  if (isAbsent(value)) {
    return [];
  }
  if (!isFields(value)) {
    return [`metadata.${field} is not a map`];
  }
  return Object.entries(value).flatMap(([key, text]) =>
    typeof text === 'string' || text === null ? [] : [`metadata.${field}.${key} is not text; quote it`],
  );
}

function withoutNulls(metadata: Fields): Fields {
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isFields(value) && key !== 'managedFields' ? withoutNulls(value) : value]),
  );
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
