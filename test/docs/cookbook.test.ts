import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../src/app/index.js';
import { synthApp } from '../../src/testing/index.js';
import { SETTINGS } from '../apps/synthesize-app.js';
import { fileOf, readCookbook, type Recipe, RECIPES_FOLDER } from './recipes.js';

const RECIPES = readCookbook();

const pathOf = ({ slug }: Recipe): string => join(RECIPES_FOLDER, `${slug}.ts`);

/** Writes the files anew when PRODESK_UPDATE_GOLDEN is set. */
if (process.env.PRODESK_UPDATE_GOLDEN !== undefined) {
  mkdirSync(RECIPES_FOLDER, { recursive: true });
  for (const recipe of RECIPES) {
    writeFileSync(pathOf(recipe), await fileOf(recipe));
  }
}

describe('docs/cookbook', () => {
  it('has a recipe for each need, and each file is one', () => {
    expect(RECIPES.length).toBeGreaterThan(40);
    const files = readdirSync(RECIPES_FOLDER).filter((name) => name.endsWith('.ts'));
    expect(files.sort()).toEqual(RECIPES.map(({ slug }) => `${slug}.ts`).sort());
  });

  it.each(RECIPES)('$title: the file that the compiler sees is the recipe', async (recipe) => {
    expect(readFileSync(pathOf(recipe), 'utf8')).toBe(await fileOf(recipe));
  });

  it.each(RECIPES)('$title: gives what it says', async (recipe) => {
    const { app } = (await import(/* @vite-ignore */ pathOf(recipe))) as { app: AppDefinition };
    expect(synthApp(recipe.slug, app, SETTINGS).objects.map(({ kind }) => kind)).toEqual(recipe.kinds);
  });
});
