import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isCustomDefinition } from './custom-definition.js';
import { type Fields, isFields } from './open-api.js';

/** A CustomResourceDefinition, and the file that it is in, relative to the checkout. */
export interface WrittenDefinition {
  readonly path: string;
  readonly definition: Fields;
}

/** A file of `crds/` cannot be used. */
export class DefinitionFileError extends Error {
  constructor(path: string, problem: string) {
    super(`${path} cannot be used: ${problem}`);
    this.name = 'DefinitionFileError';
  }
}

/**
 * The CustomResourceDefinitions in `crds/*.yaml`, `*.yml` and `*.json` of a checkout; other objects in them are passed over.
 * @throws DefinitionFileError when one is not YAML
 */
export function readDefinitionFolder(checkout: string): WrittenDefinition[] {
  return listFolder(join(checkout, 'crds'))
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.(ya?ml|json)$/.test(entry.name))
    .map(({ name }) => `crds/${name}`)
    .sort()
    .flatMap((path) => readDefinitions(path, readFileSync(join(checkout, path), 'utf8')));
}

function listFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return [];
    }
    throw error;
  }
}

function readDefinitions(path: string, text: string): WrittenDefinition[] {
  const documents = parseAllDocuments(text);
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    throw new DefinitionFileError(path, error.message.split('\n')[0] ?? '');
  }
  const objects = documents.map((document) => document.toJS({ maxAliasCount: 1000 }) as unknown);
  return objects
    .filter(isFields)
    .filter(isCustomDefinition)
    .map((definition) => ({ path, definition }));
}
