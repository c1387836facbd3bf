import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { SchemaCatalog } from '../../src/synth/validation/catalog.js';
import { validateObjects } from '../../src/synth/validation/validate-objects.js';

const ROOT = join(import.meta.dirname, '..', '..');
const GOLDEN = 'test/apps/__golden__';
const DEFINITIONS = ['src/sandbox/crds/crds.yaml', ...listYaml('src/imports/crds')];

function listYaml(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`);
}

describe('apps/schemas', () => {
  const catalog = new SchemaCatalog();

  it.each([...listYaml(GOLDEN), ...DEFINITIONS])('%s has only what the schemas of Kubernetes allow', (file) => {
    const objects = parseAllDocuments(readFileSync(join(ROOT, file), 'utf8'), { version: '1.1' }).map(
      (document) => document.toJS() as unknown,
    );
    expect(objects.length).toBeGreaterThan(0);
    expect(validateObjects(catalog, objects)).toEqual({ problems: [], unchecked: [] });
  });
});
