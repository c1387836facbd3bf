import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPulumiCommand, type PulumiCommand } from '../../src/engine/pulumi-command.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { TestControlPlane } from '../cluster/control-plane.js';
import { fixture, FIXTURE_ENV } from '../sops/fixtures.js';
import { appText, type Checkout, makeCheckout } from './synth-checkout.js';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const STACK = 'Pulumi.prodesk.yaml';
const APPS = {
  shop: appText(
    '',
    "{ a: context.secret('A'), b: context.secret('B'), c: context.sops('x.sops.yaml')('DB_PASSWORD') }",
  ),
};

let plane: TestControlPlane;
let program: string;
let checkout: Checkout;
let home: string;
let environment: Record<string, string>;
let pulumi: PulumiCommand;
let calls: string;

beforeAll(async () => {
  program = await ensureProgram('pulumi', () => undefined);
  plane = await TestControlPlane.start();
});
afterAll(() => plane.stop());

/** A working tree with a stack, and a `pulumi` that writes its arguments down. */
beforeEach(async () => {
  checkout = await makeCheckout(APPS);
  home = await mkdtemp(join(tmpdir(), 'prodesk-secrets-'));
  await mkdir(join(home, 'backend'));
  calls = join(home, 'calls');
  const shim = join(home, 'pulumi');
  await writeFile(shim, `#!/bin/sh\nprintf '%s\\n' "$*" >> ${calls}\nexec ${program} "$@"\n`, { mode: 0o755 });
  environment = {
    ...FIXTURE_ENV,
    HOME: home,
    PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: plane.kubeconfig,
    PULUMI_HOME: join(home, 'pulumi-home'),
    PULUMI_BACKEND_URL: `file://${join(home, 'backend')}`,
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PRODESK_PULUMI_PROGRAM: shim,
  };
  pulumi = createPulumiCommand({ program, directory: checkout.directory, environment });
  await checkout.write('Pulumi.yaml', 'name: prodesk\nruntime: nodejs\n');
  await pulumi(['stack', 'init', 'prodesk']);
});
afterEach(async () => {
  await checkout.remove();
  await rm(home, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person does, with something on its standard input. */
async function prodesk(args: readonly string[], input = ''): Promise<Ended> {
  const script = `import(${JSON.stringify(MAIN)}).then(({ main }) => main(['node', 'prodesk', ...process.argv.slice(1)]))`;
  const argv = ['--import', 'tsx', '--eval', script, '--', 'secrets', ...args, '--directory', checkout.directory];
  const running = promisify(execFile)(process.execPath, argv, { env: environment });
  running.child.stdin?.end(input);
  try {
    return { code: 0, ...(await running) };
  } catch (error) {
    return error as Ended;
  }
}

/** The decrypted value. */
async function valueOf(key: string): Promise<string | undefined> {
  const shown = JSON.parse(await pulumi(['config', '--show-secrets', '--json', '--stack', 'prodesk'])) as Record<
    string,
    { value: string }
  >;
  return shown[`prodesk:${key}`]?.value;
}

/** Everything that a run left behind or said. */
async function traces(...ended: readonly Ended[]): Promise<string> {
  const stack = await readFile(join(checkout.directory, STACK), 'utf8');
  const files = await readdir(join(home, 'backend'), { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  const said = ended.map(({ stdout, stderr }) => stdout + stderr);
  return [stack, await readFile(calls, 'utf8'), ...(await Promise.all(texts)), ...said].join('\n');
}

describe('integration/secrets-command', () => {
  it('a value from standard input is set to the last byte, listed by name, and left nowhere in plain text', async () => {
    expect((await prodesk(['list', '--json'])).code).toBe(1);
    await checkout.write('apps/shop/x.sops.yaml', fixture('shop.sops.yaml'));
    const missing = await prodesk(['list']);
    expect(missing).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/shop\.A +missing +stack +shop/) as string,
    });

    const value = ' sentinel "quoted" 비밀\r\n\n';
    const set = await prodesk(['set', 'A', '--app', 'shop'], `${value}\n`);
    expect(set).toMatchObject({ code: 0, stdout: 'prodesk:shop.A is set\n' });
    expect(await valueOf('shop.A')).toBe(value);
    await writeFile(join(home, 'file'), 'sentinel-file\n');
    await prodesk(['set', 'shop.B', '--from-file', join(home, 'file')]);
    expect(await valueOf('shop.B')).toBe('sentinel-file\n');
    await prodesk(['set', 'restartKey', '--random']);
    expect(await valueOf('restartKey')).toMatch(/^[0-9a-f]{64}$/);

    const listed = await prodesk(['list', '--json']);
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.stdout)).toEqual({
      secrets: [
        { name: 'shop.A', source: 'stack', apps: ['shop'], state: 'set' },
        { name: 'shop.B', source: 'stack', apps: ['shop'], state: 'set' },
        { name: 'DB_PASSWORD', source: 'apps/shop/x.sops.yaml', apps: ['shop'], state: 'set' },
      ],
      failed: {},
    });
    expect(await traces(missing, set, listed)).not.toContain('sentinel');
    await checkout.write('apps/shop/x.sops.yaml', fixture('secret.sops.yaml'));
    const lacking = await prodesk(['list']);
    expect(lacking).toMatchObject({ code: 3, stdout: expect.stringMatching(/DB_PASSWORD +missing +apps/) as string });

    const removed = await prodesk(['rm', 'A', '--app', 'shop']);
    expect(removed).toMatchObject({ code: 0, stdout: 'prodesk:shop.A is removed\n' });
    expect(await valueOf('shop.A')).toBeUndefined();
    expect(await prodesk(['rm', 'A', '--app', 'shop'])).toMatchObject({ code: 1 });
  });

  it('values of a SOPS file and of a live Secret move into the stack without being seen', async () => {
    await checkout.write('apps/shop/secret.sops.yaml', fixture('secret.sops.yaml'));
    const fromFile = await prodesk(['import', join(checkout.directory, 'apps/shop/secret.sops.yaml')]);
    expect(fromFile).toMatchObject({
      code: 0,
      stdout: 'prodesk:shop.DB_PASSWORD is set from DB_PASSWORD\nprodesk:shop.redis.conf is set from redis.conf\n',
    });
    expect(await valueOf('shop.redis.conf')).toBe('requirepass sentinel-manifest-conf\n');

    const data = { REDIS_PASSWORD: Buffer.from('sentinel-live').toString('base64'), DB_PASSWORD: 'c2VudGluZWw=' };
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'redis-secret' }, data };
    await plane.send({ method: 'POST', path: '/api/v1/namespaces/default/secrets', body });
    const live = ['import', '--from-cluster', 'default/redis-secret', '--app', 'shop', '--json'];
    const fromCluster = await prodesk(live);
    expect(JSON.parse(fromCluster.stdout)).toEqual({
      imported: [{ name: 'REDIS_PASSWORD', key: 'shop.REDIS_PASSWORD' }],
      skipped: [{ name: 'DB_PASSWORD', reason: 'it is set already; --replace overwrites it' }],
    });
    expect(await valueOf('shop.REDIS_PASSWORD')).toBe('sentinel-live');
    expect(await valueOf('shop.DB_PASSWORD')).toBe('sentinel-manifest-password');
    expect(await traces(fromFile, fromCluster)).not.toContain('sentinel');
  });

  it.each([
    ['no value', ['set', 'A', '--app', 'shop'], 2, 'the value of shop.A is empty'],
    ['a name that is none', ['set', 'A=b'], 2, '"A=b"'],
    ['nothing to import', ['import'], 2, '--from-cluster'],
    ['an import for nobody', ['import', 'x.sops.yaml'], 2, '--app'],
    ['a Secret that is not there', ['import', '--from-cluster', 'default/nothing', '--app', 'shop'], 1, 'default'],
  ])('%s ends with its exit code and says why', async (_what, args, code, message) => {
    const ended = await prodesk(args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
  });

  it('an import without the identity sets nothing', async () => {
    await checkout.write('apps/shop/secret.sops.yaml', fixture('secret.sops.yaml'));
    environment = { ...environment, SOPS_AGE_KEY: '' };
    const ended = await prodesk(['import', join(checkout.directory, 'apps/shop/secret.sops.yaml')]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('SOPS_AGE_KEY');
    expect(await valueOf('shop.DB_PASSWORD')).toBeUndefined();
  });
});
