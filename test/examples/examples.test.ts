import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { AppDefinition } from '../../src/app/index.js';
import { isKept } from '../../src/app/tracking.js';
import { synthApp } from '../../src/testing/index.js';
import { SETTINGS } from '../apps/synthesize-app.js';

const FOLDER = join(import.meta.dirname, 'apps');
const NAMES = readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

async function synthesize(name: string) {
  const { app } = (await import(`./apps/${name}/app.ts`)) as { app: AppDefinition };
  return synthApp(name, app, SETTINGS);
}

/** What a person would have written by hand. */
function manifestsOf(name: string): unknown[] {
  const text = readFileSync(join(import.meta.dirname, '__golden__', `${name}.yaml`), 'utf8');
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as unknown);
}

describe('examples', () => {
  it.each(NAMES)('%s gives exactly the manifests that one would write by hand', async (name) => {
    expect((await synthesize(name)).objects).toEqual(manifestsOf(name));
  });

  it('each file of manifests belongs to an example', () => {
    expect(readdirSync(join(import.meta.dirname, '__golden__')).sort()).toEqual(
      NAMES.map((name) => `${name}.yaml`).sort(),
    );
  });

  it('environments follow builds of their own branch', async () => {
    expect((await synthesize('shop-api-dev')).images).toMatchObject([{ allow: '^dev-' }]);
    expect((await synthesize('shop-api')).images).toMatchObject([{ allow: '^main-' }]);
  });

  it.each(['mysql', 'mysql-prod', 'redis-prod', 'search'])('the data of %s is never pruned', async (name) => {
    const { objects } = await synthesize(name);
    const data = objects.filter(({ kind }) => kind.startsWith('PersistentVolume'));
    expect(data.map(isKept)).toEqual([true, true]);
  });
});
