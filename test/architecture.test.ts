import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXCEPTIONS, RULES } from './architecture/rules.js';
import { readSourceTree } from './architecture/source-tree.js';
import { findViolations } from './architecture/violations.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('architecture', () => {
  const modules = readSourceTree(ROOT, ['src', 'apps']);

  it('each import, size and export of src/ and apps/ keeps the rules', () => {
    expect(modules.length).toBeGreaterThan(100);
    expect(findViolations(modules, { rules: RULES, exceptions: EXCEPTIONS })).toEqual([]);
  });

  it('each npm package that src/ imports is a dependency of its own', () => {
    const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as Record<string, Record<string, string>>;
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
    const imported = modules
      .flatMap(({ imports }) => imports)
      .map(({ specifier }) => /^(?!\.|node:)(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[1])
      .filter((name) => name !== undefined);

    expect([...new Set(imported)].filter((name) => !declared.has(name))).toEqual([]);
  });
});
