import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePluginShims } from '../../src/sandbox/language-host/plugin-shims.js';
import { pulumiEnvironment, startTestBed, type TestBed } from '../sandbox/provider/test-stack.js';

const PROJECT = `name: demo
main: src/index.ts
runtime:
  name: nodejs
  options:
    packagemanager: npm
    typescript: false
    nodeargs: --import tsx
`;

const PROGRAM = `import * as k8s from '@pulumi/kubernetes';
import { Config, RunError } from '@pulumi/pulumi';
const config: Config = new Config();
const map = new k8s.core.v1.ConfigMap('demo', { data: { greeting: config.require('greeting'), word: config.requireSecret('word') } });
export const name = map.metadata.name;
if (config.get('broken') === 'true') {
  throw new RunError('the program is broken');
}
`;

let bed: TestBed;
let directory: string;
let environment: Record<string, string>;

beforeAll(async () => {
  bed = await startTestBed();
  directory = join(bed.directory, 'project');
  await mkdir(join(directory, 'src'), { recursive: true });
  await symlink(resolve('node_modules'), join(directory, 'node_modules'));
  await writeFile(join(directory, 'Pulumi.yaml'), PROJECT);
  await writeFile(join(directory, 'package.json'), '{ "name": "demo", "type": "module" }');
  await writeFile(join(directory, 'src', 'index.ts'), PROGRAM);
  await writePluginShims(join(directory, 'bin'));
  environment = {
    ...pulumiEnvironment(directory, `${join(directory, 'bin')}:${bed.toolFolder}`),
    KUBECONFIG: bed.sandbox.kubeconfig,
  };
  await pulumi('stack', 'init', 'dev');
  await pulumi('config', 'set', 'greeting', 'hello');
  await pulumi('config', 'set', '--secret', 'word', 'xyzzy-plugh');
});
afterAll(() => bed.stop());

async function pulumi(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('pulumi', [...args, '--non-interactive'], {
    cwd: directory,
    env: { ...process.env, ...environment },
  });
  return stdout;
}

describe('integration/provider-cli', () => {
  it('the pulumi command previews, updates and destroys a TypeScript project with the shims alone', async () => {
    expect(await pulumi('preview')).toContain('+ 2 to create');

    const updated = await pulumi('up', '--yes', '--skip-preview');
    expect(updated).toContain('+ 2 created');
    expect(updated).not.toContain('xyzzy-plugh');
    const name = await pulumi('stack', 'output', 'name');
    const live = await bed.live(
      { group: '', version: 'v1', kind: 'ConfigMap' },
      { namespace: 'default', name: name.trim() },
    );
    expect(live?.['data']).toEqual({ greeting: 'hello', word: 'xyzzy-plugh' });

    expect(await pulumi('up', '--yes', '--skip-preview')).toContain('2 unchanged');
    expect(await pulumi('destroy', '--yes', '--skip-preview')).toContain('- 2 deleted');
  });

  it('a program that throws fails the preview with its message', async () => {
    await pulumi('config', 'set', 'broken', 'true');

    const failure: unknown = await pulumi('preview').catch((error: unknown) => error);

    expect(failure).toMatchObject({ stdout: expect.stringContaining('the program is broken') as unknown });
  });
});
