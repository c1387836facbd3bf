import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { DesiredState } from '../../src/app/desired-state.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import { SETTINGS } from '../apps/synthesize-app.js';
import { type Checkout, makeCheckout } from './synth-checkout.js';

const EXAMPLES = join(import.meta.dirname, '../examples');

describe('integration/synth-examples', () => {
  let checkout: Checkout;
  let cacheDirectory: string;
  let state: DesiredState;
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
    checkout = await makeCheckout();
    for (const path of readdirSync(join(EXAMPLES, 'apps'), { recursive: true, encoding: 'utf8' })) {
      if (/\.\w+$/.test(path)) {
        const text = readFileSync(join(EXAMPLES, 'apps', path), 'utf8');
        await checkout.write(`apps/${path}`, text.replaceAll(/(?:\.\.\/){2}((?:\.\.\/)+src\/)/g, '$1'));
      }
    }
    const settings = { settings: SETTINGS, secretKeys: [] };
    state = await createSynthesizer({ cacheDirectory, allowMissing: 'secrets' }).synthesize({
      directory: checkout.directory,
      revision: 'c0ffee',
      settings,
    });
  });
  afterAll(async () => {
    await checkout.remove();
    await rm(cacheDirectory, { recursive: true });
  });

  it('files that applications share, and folders of data, are there in the process that synthesizes', () => {
    expect(state.failed).toEqual({});
    for (const [name, { objects }] of Object.entries(state.apps)) {
      const text = readFileSync(join(EXAMPLES, '__golden__', `${name}.yaml`), 'utf8');
      const expected = parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as unknown);
      expect(objects).toEqual(expected);
    }
    expect(Object.keys(state.apps)).toHaveLength(readdirSync(join(EXAMPLES, '__golden__')).length);
  });
});
