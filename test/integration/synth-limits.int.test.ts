import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSynthesizer, type SynthesizerOptions } from '../../src/synth/child-synthesizer.js';
import { appText, type Checkout, makeCheckout } from './synth-checkout.js';

describe('integration/synth-limits', () => {
  let cacheDirectory = '';
  let checkout: Checkout | undefined;
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
  });
  afterEach(() => checkout?.remove());
  afterAll(() => rm(cacheDirectory, { recursive: true }));

  async function synthesize(
    apps: Record<string, string>,
    options: Partial<SynthesizerOptions>,
    signal?: AbortSignal,
    more: Record<string, string> = {},
  ) {
    checkout = await makeCheckout(apps);
    const { directory, write } = checkout;
    for (const [path, text] of Object.entries(more)) {
      await write(path, text);
    }
    return createSynthesizer({ cacheDirectory, ...options }).synthesize({
      directory,
      revision: 'c0ffee',
      settings: { settings: {}, secretKeys: [] },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  it('an endless loop is ended at the time limit and named, and the others are built', async () => {
    const apps = { a: appText(), loop: appText('for (;;);'), z: appText() };
    const { apps: built, failed } = await synthesize(apps, { timeoutMs: 5000 });
    expect(Object.keys(built)).toEqual(['a', 'z']);
    expect(failed).toEqual({
      loop: {
        message: 'synthesis took more than 5 s at apps/loop/app.ts; it was ended',
        location: 'apps/loop/app.ts',
      },
    });
  });

  it('a commit of which many applications break the limits is given up', async () => {
    const apps = Object.fromEntries([1, 2, 3, 4, 5].map((one) => [`exits${one}`, appText('process.reallyExit(7);')]));
    await expect(synthesize(apps, {})).rejects.toMatchObject({
      code: 'synth/threw',
      disposition: 'stalled',
      message: expect.stringContaining('exit code 7) at apps/exits4/app.ts') as string,
    });
  });

  it('programs that an application was allowed to start are ended with it', async () => {
    const seconds = '612.345';
    const body = `process.getBuiltinModule('node:child_process').spawn('sleep', ['${seconds}']); for (;;);`;
    const { failed } = await synthesize({ spawner: appText(body) }, { timeoutMs: 5000, allow: ['processes'] });
    expect(failed.spawner?.message).toContain('more than 5 s');
    await expect.poll(() => running(seconds)).toEqual([]);
  });

  it('a program that an application left behind does not hold up the result', async () => {
    const body = "process.getBuiltinModule('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' });";
    const { apps } = await synthesize({ leaver: appText(body) }, { timeoutMs: 20_000, allow: ['processes'] });
    expect(Object.keys(apps)).toEqual(['leaver']);
  });

  it('a module that never finishes loading ends its application, and is named', async () => {
    const { failed } = await synthesize({ waits: `await new Promise(() => undefined);\n${appText()}` }, {});
    expect(failed.waits?.message).toContain('(exit code 13) at apps/waits/app.ts');
  });

  it.each([
    ['the JavaScript heap', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));'],
    ['memory outside of it', "const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 'x'));"],
  ])('eating %s is ended at the memory limit, and the others are built', async (_what, body) => {
    const { apps, failed } = await synthesize({ eater: appText(body), good: appText() }, { memoryMiB: 300 });
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed.eater?.message).toMatch(/MiB of memory at apps\/eater\/app.ts/);
  });

  it('a huge result is ended at the output limit', async () => {
    const { failed } = await synthesize({ huge: appText('', "{ a: 'x'.repeat(20_000_000) }") }, { outputBytes: 5e6 });
    expect(failed.huge?.message).toContain('more than 5000000 bytes of output at apps/huge/app.ts');
  });

  it('a large result within the limit arrives whole', async () => {
    const state = await synthesize({ large: appText('', "{ a: 'ä'.repeat(10_000_000) }") }, {});
    expect((state.apps.large?.objects[0]?.data as { a: string }).a).toHaveLength(10_000_000);
  });

  it('an application that prints without end is ended at the time limit, and memory stays flat', async () => {
    const before = process.memoryUsage().rss;
    const body = "const line = 'x'.repeat(65536); for (;;) process.getBuiltinModule('node:fs').writeSync(1, line);";
    const { apps, failed } = await synthesize({ good: appText(), prints: appText(body) }, { timeoutMs: 5000 });
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed.prints?.message).toContain('more than 5 s at apps/prints/app.ts');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });

  it.each([
    ['brackets', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['signs', `${'!'.repeat(200_000)}1`],
    ['functions', `${'a=>'.repeat(100_000)}1`],
  ])('a source of too deep %s fails alone', async (_what, text) => {
    const { apps, failed } = await synthesize({ deep: `export const x = ${text};\n`, good: appText() }, {});
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed.deep?.location).toMatch(/^apps\/deep\/app\.ts/);
  });

  it('a source of 50 MB fails alone, without being compiled', async () => {
    const { apps, failed } = await synthesize({ big: `${appText()}//${'x'.repeat(5e7)}`, good: appText() }, {});
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed.big?.message).toContain('apps/big/app.ts:1:0: source is larger than 1048576 bytes');
  });

  it('a data file of 50 MB that becomes a value fails alone, by its size', async () => {
    const text = appText('', "files: { a: new URL('./big.txt', import.meta.url) }").replace('data: files', 'files');
    const more = { 'apps/big/big.txt': 'x'.repeat(5e7) };
    const { apps, failed } = await synthesize({ big: text, good: appText() }, { outputBytes: 16e6 }, undefined, more);
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed.big?.message).toContain('more than 16000000 bytes of output');
  });

  it('an alias bomb fails alone', async () => {
    const body = `
    const { parse } = process.getBuiltinModule('node:module').createRequire(import.meta.url)('yaml');
    parse(['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghi'.split('').map((name, at) =>
      name + ': &' + name + ' [' + Array(9).fill('*' + 'abcdefghi'[at]).join() + ']')].join('\\n'));`;
    const { apps, failed } = await synthesize({ bomb: appText(body), good: appText() }, {});
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed.bomb?.message).toContain('alias');
  });

  it('an abort ends the child and is not a failure', async () => {
    const abort = new AbortController();
    const outcome = expect(synthesize({ loop: appText('for (;;);') }, {}, abort.signal)).rejects.toMatchObject({
      code: 'cancelled/superseded',
      disposition: 'cancelled',
    });
    const isStarted = (): boolean => running(`${checkout?.directory}/*`).length > 0;
    await expect.poll(isStarted, { timeout: 20_000 }).toBe(true);
    abort.abort();
    await outcome;
    expect(isStarted()).toBe(false);
  });

  it.each(['x..', '-rf', 'a b', 'a%2e%2e', 'a\nb', 'ü', '$(id)', 'a;b', `x${'y'.repeat(63)}`, 'con.'])(
    'a folder named %j is refused, and nothing of it is run',
    async (name) => {
      const { apps, failed } = await synthesize({ [name]: 'throw new Error("it was run");', good: appText() }, {});
      expect(Object.keys(apps)).toEqual(['good']);
      expect(Object.values(failed).map(({ message }) => message)).toEqual([
        expect.stringMatching(/^folder name is not a DNS label/),
      ]);
    },
  );

  it('folders that are no applications are refused, and the others are built', async () => {
    checkout = await makeCheckout({ good: appText(), Bad_Name: appText(), secrets: appText() });
    const { directory, write } = checkout;
    await write('apps/README.md', 'hello');
    await write('apps/.hidden/app.ts', 'throw new Error()');
    await write('apps/empty/notes.txt', 'hello');
    await symlink('/etc', join(directory, 'apps/outside'));
    await symlink('/etc/hostname', join(directory, 'apps/secrets/hostname'));
    await symlink('good', join(directory, 'apps/alias'));
    const settings = { settings: {}, secretKeys: [] };
    const request = { directory, revision: 'c0ffee', settings };
    const { apps, failed } = await createSynthesizer({ cacheDirectory }).synthesize(request);
    expect(Object.keys(apps)).toEqual(['alias', 'good']);
    expect(failed).toMatchObject({
      Bad_Name: { message: expect.stringContaining('"Bad_Name"') as string },
      outside: { message: 'symbolic link leaves the checkout: apps/outside' },
      secrets: { message: 'symbolic link leaves the checkout: apps/secrets/hostname' },
      empty: { message: 'folder has no app.ts; add it or remove the folder' },
    });
    expect(Object.keys(failed).sort()).toEqual(['Bad_Name', 'empty', 'outside', 'secrets']);
  });
});

/** Command lines of living processes that hold the text. */
function running(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text) && !line.startsWith('Z'));
}
