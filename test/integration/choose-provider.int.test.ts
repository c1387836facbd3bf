import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseProvider, type ProviderChoice } from '../../src/engine/choose-provider.js';

const PLUGIN = 'resource-kubernetes-v4.34.2';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prodesk-choose-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function choice(more: Partial<ProviderChoice> = {}): ProviderChoice {
  const pulumiHome = join(directory, 'engine');
  return { wanted: 'auto', version: '4.34.2', program: '/bin/false', pulumiHome, env: {}, ...more };
}

async function pluginIn(home: string): Promise<void> {
  await mkdir(join(home, 'plugins', PLUGIN), { recursive: true });
  await writeFile(join(home, 'plugins', PLUGIN, 'pulumi-resource-kubernetes'), 'the plugin');
}

const linked = (): Promise<string> =>
  readFile(join(directory, 'engine', 'plugins', PLUGIN, 'pulumi-resource-kubernetes'), 'utf8');

describe('integration/choose-provider', () => {
  it('what was asked for is taken', async () => {
    expect(await chooseProvider(choice({ wanted: 'official' }))).toBe('official');
    expect(await chooseProvider(choice({ wanted: 'embedded', program: '/bin/true' }))).toBe('embedded');
  });

  it('without a plugin and without a download it is the embedded one', async () => {
    expect(await chooseProvider(choice())).toBe('embedded');
  });

  it('a download gives the official one', async () => {
    expect(await chooseProvider(choice({ program: '/bin/true' }))).toBe('official');
  });

  it("the engine's own plugin is used without a download", async () => {
    await pluginIn(join(directory, 'engine'));

    expect(await chooseProvider(choice())).toBe('official');
  });

  it.each([
    ['HOME', '.pulumi'],
    ['PULUMI_HOME', '.'],
  ])('a plugin that a person has installed below %s is made known to the engine', async (variable, folder) => {
    await pluginIn(join(directory, folder));

    expect(await chooseProvider(choice({ env: { [variable]: directory } }))).toBe('official');
    expect(await linked()).toBe('the plugin');
    expect(await chooseProvider(choice({ wanted: 'official', env: { [variable]: directory } }))).toBe('official');
  });

  it('a plugin that is still being downloaded is not taken', async () => {
    await pluginIn(join(directory, '.pulumi'));
    await writeFile(join(directory, '.pulumi', 'plugins', `${PLUGIN}.partial`), '');

    expect(await chooseProvider(choice({ env: { HOME: directory } }))).toBe('embedded');
  });
});
