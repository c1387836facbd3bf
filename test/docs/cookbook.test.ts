import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../src/app/index.js';
import { synthApp } from '../../src/testing/index.js';
import { SETTINGS } from '../apps/synthesize-app.js';
import { fileOf, readCookbook, type Recipe, RECIPES_FOLDER } from './recipes.js';

const RECIPES = readCookbook();

/** Writes the file when PRODESK_UPDATE_GOLDEN is set. */
async function matchFile(recipe: Recipe): Promise<void> {
  const path = join(RECIPES_FOLDER, `${recipe.slug}.ts`);
  const text = await fileOf(recipe);
  if (process.env.PRODESK_UPDATE_GOLDEN !== undefined) {
    mkdirSync(RECIPES_FOLDER, { recursive: true });
    writeFileSync(path, text);
  }
  expect(readFileSync(path, 'utf8')).toBe(text);
}

describe('docs/cookbook', () => {
  it('has a recipe for each need, and each file is one', () => {
    expect(RECIPES.length).toBeGreaterThan(40);
    const files = readdirSync(RECIPES_FOLDER).filter((name) => name.endsWith('.ts'));
    expect(files.sort()).toEqual(RECIPES.map(({ slug }) => `${slug}.ts`).sort());
  });

  it.each(RECIPES)('$title: the file that the compiler sees is the recipe', matchFile);

  it.each(RECIPES)('$title: gives what it says', async ({ slug, kinds }) => {
    const { app } = (await import(`./recipes/${slug}.ts`)) as { app: AppDefinition };
    expect(synthApp(slug, app, SETTINGS).objects.map(({ kind }) => kind)).toEqual(kinds);
  });
});
