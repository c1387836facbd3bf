import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DesiredState } from '../../src/app/desired-state.js';
import { findFreePorts } from '../../src/sandbox/free-ports.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import { namespacePrefix, type SynthAllowance } from '../../src/synth/confinement.js';
import { appText, type Checkout, makeCheckout } from './synth-checkout.js';

const SENTINEL = 'sentinel-that-must-not-get-out';
const builtin = (name: string): string => `process.getBuiltinModule('node:${name}')`;

describe('integration/synth-confinement', () => {
  let outside = '';
  let port = 0;
  let connections = 0;
  let server: Server;
  let checkout: Checkout | undefined;

  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'prodesk-outside-'));
    await mkdir(join(outside, '.ssh'));
    await writeFile(join(outside, '.ssh', 'id_ed25519'), SENTINEL);
    process.env['PRODESK_TEST_SENTINEL'] = SENTINEL;
    [port = 0] = await findFreePorts(1);
    server = createServer(() => (connections += 1)).listen(port, '127.0.0.1');
  });
  afterEach(() => checkout?.remove());
  afterAll(async () => {
    delete process.env['PRODESK_TEST_SENTINEL'];
    server.close();
    await rm(outside, { recursive: true });
  });

  async function synthesize(
    apps: Readonly<Record<string, string>>,
    allow: readonly SynthAllowance[] = [],
    prepare: (checkout: Checkout) => Promise<void> = () => Promise.resolve(),
  ): Promise<DesiredState> {
    checkout = await makeCheckout(apps);
    await prepare(checkout);
    const { directory } = checkout;
    const settings = { settings: { outside, port: String(port), daemon: String(process.pid) }, secretKeys: [] };
    const options = { cacheDirectory: join(outside, 'cache'), allow };
    return createSynthesizer(options).synthesize({ directory, revision: 'c0ffee', settings });
  }

  it.each([
    ['reads a private key', `${builtin('fs')}.readFileSync(context.setting('outside') + '/.ssh/id_ed25519')`],
    ['lists the home folder', `${builtin('fs')}.readdirSync(process.getBuiltinModule('node:os').userInfo().homedir)`],
    ["reads the daemon's environment", `${builtin('fs')}.readFileSync('/proc/' + process.ppid + '/environ')`],
    ["reads its own environment's file", `${builtin('fs')}.readFileSync('/proc/self/environ')`],
    ['writes into its checkout', `${builtin('fs')}.writeFileSync('apps/bad/extra.ts', '')`],
    ['writes elsewhere', `${builtin('fs')}.writeFileSync(context.setting('outside') + '/planted', '')`],
    ['links to a file outside', `${builtin('fs')}.symlinkSync('/etc/passwd', process.env.HOME + '/link')`],
    ['starts a program', `${builtin('child_process')}.execFileSync('id')`],
    ['starts programs forever', `for (;;) ${builtin('child_process')}.spawn('sleep', ['600'])`],
    ['starts a thread', `new (${builtin('worker_threads')}.Worker)('0', { eval: true })`],
    ['loads native code', "process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')"],
    ['reaches into Node.js', "process.binding('tcp_wrap')"],
    ['opens a socket', `${builtin('net')}.connect(Number(context.setting('port')), '127.0.0.1')`],
    ['listens', `${builtin('net')}.createServer().listen(0)`],
    ['sends a datagram', `${builtin('dgram')}.createSocket('udp4').send('x', 53, '127.0.0.1')`],
    ['looks up a name', `${builtin('dns')}.lookup('example.com', () => undefined)`],
    ['ends the daemon', "process.kill(Number(context.setting('daemon')), 'SIGKILL')"],
    ['opens the debugger of the daemon', "process._debugProcess(Number(context.setting('daemon')))"],
    ['slows the daemon down', `${builtin('os')}.setPriority(Number(context.setting('daemon')), 19)`],
  ])('an application that %s fails alone, with its place', async (_what, code) => {
    const before = connections;
    const state = await synthesize({ bad: appText(`${code};`), good: appText() });
    expect(Object.keys(state.apps)).toEqual(['good']);
    expect(state.failed.bad?.location).toBe('apps/bad/app.ts:7');
    expect(JSON.stringify(state)).not.toContain(SENTINEL);
    expect(connections).toBe(before);
    expect(existsSync(join(outside, 'planted'))).toBe(false);
    expect(await readdir(join(checkout?.directory ?? '', 'apps', 'bad'))).toEqual(['app.ts']);
  });

  it('a refusal tells what may be done and which setting permits more', async () => {
    const { failed } = await synthesize({ bad: appText(`${builtin('child_process')}.execFileSync('id');`) });
    expect(failed.bad?.message).toMatch(/may only read the files of its checkout: .* synthAllow can permit more/);
  });

  it('a request that fails later than its application brings no connection about', async () => {
    const before = connections;
    const text = `await fetch('http://127.0.0.1:${port}/').catch(() => undefined);\n${appText()}`;
    expect(Object.keys((await synthesize({ asks: text })).apps)).toEqual(['asks']);
    expect(connections).toBe(before);
  });

  it('the kernel leaves no network device, where it can be asked for that', async () => {
    const data = `{ devices: Object.keys(${builtin('os')}.networkInterfaces()).join() }`;
    const state = await synthesize({ looks: appText('', data) });
    const isCut = (await namespacePrefix()).length > 0;
    const { devices } = state.apps.looks?.objects[0]?.data as { devices: string };
    expect(devices).toBe(isCut ? '' : Object.keys(networkInterfaces()).join());
  });

  it.each<[SynthAllowance, string]>([
    ['network', `${builtin('net')}.connect(Number(context.setting('port')), '127.0.0.1').unref()`],
    ['processes', `${builtin('child_process')}.execFileSync('/bin/true')`],
    ['files', `${builtin('fs')}.readFileSync(context.setting('outside') + '/.ssh/id_ed25519')`],
  ])('with "%s" allowed, that works and the rest does not', async (allowed, code) => {
    const kill = appText("process.kill(Number(context.setting('daemon')), 0);");
    const { apps, failed } = await synthesize({ uses: appText(`${code};`), kill }, [allowed]);
    expect(Object.keys(apps)).toEqual(['uses']);
    expect(Object.keys(failed)).toEqual(['kill']);
  });

  it.each([
    [
      'a link to a file',
      'data.txt',
      (folder: string) => symlink(join(outside, '.ssh', 'id_ed25519'), join(folder, 'data.txt')),
    ],
    ['a link to a folder', 'keys/id_ed25519', (folder: string) => symlink(join(outside, '.ssh'), join(folder, 'keys'))],
    [
      'a chain of links',
      'data.txt',
      async (folder: string) => {
        await symlink('second', join(folder, 'data.txt'));
        await symlink(join(outside, '.ssh', 'id_ed25519'), join(folder, 'second'));
      },
    ],
    [
      'a relative link',
      'data.txt',
      (folder: string) => symlink(`${'../'.repeat(12)}${outside.slice(1)}/.ssh/id_ed25519`, join(folder, 'data.txt')),
    ],
  ])('%s that leaves the checkout refuses its application, without what is there', async (_what, file, make) => {
    const text = appText('', `{}, files: { a: new URL('./${file}', import.meta.url) }`);
    const prepare = ({ directory }: Checkout): Promise<void> => make(join(directory, 'apps', 'bad'));
    const state = await synthesize({ bad: text, good: appText() }, [], prepare);
    expect(Object.keys(state.apps)).toEqual(['good']);
    expect(state.failed.bad?.message).toMatch(/^symbolic link leaves the checkout: apps\/bad\//);
    expect(JSON.stringify(state)).not.toContain(SENTINEL);
  });

  it('a link beside the applications that leaves the checkout cannot be imported', async () => {
    const text = `import { x } from '../../lib/x.js';\n${appText('', '{ x }')}`;
    const prepare = async ({ directory }: Checkout): Promise<void> => {
      await writeFile(join(outside, 'x.ts'), `export const x = '${SENTINEL}';`);
      await mkdir(join(directory, 'lib'));
      await symlink(join(outside, 'x.ts'), join(directory, 'lib', 'x.ts'));
    };
    const state = await synthesize({ bad: text, good: appText() }, [], prepare);
    expect(Object.keys(state.apps)).toEqual(['good']);
    expect(state.failed.bad?.message).toContain('lib/x.ts:1:0: symbolic link leaves the checkout');
    expect(JSON.stringify(state)).not.toContain(SENTINEL);
  });

  it('a file path outside of the checkout cannot be read into an object', async () => {
    const path = `${'../'.repeat(12)}${outside.slice(1)}/.ssh/id_ed25519`;
    const text = appText('', `{}, files: { a: new URL('${path}', import.meta.url) }`);
    const state = await synthesize({ bad: text, good: appText() });
    expect(Object.keys(state.apps)).toEqual(['good']);
    expect(state.failed.bad?.location).toBe('apps/bad/app.ts:8');
    expect(JSON.stringify(state)).not.toContain(SENTINEL);
  });

  it('a file of its own folder is read, as before', async () => {
    const text = appText('', "{}, files: { a: new URL('./a.conf', import.meta.url) }");
    const state = await synthesize({ good: text }, [], ({ write }) => write('apps/good/a.conf', 'hello'));
    expect(state.apps.good?.objects[0]?.data).toEqual({ a: 'hello' });
    expect(await readFile(join(checkout?.directory ?? '', 'apps/good/a.conf'), 'utf8')).toBe('hello');
  });
});
