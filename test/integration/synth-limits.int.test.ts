import { existsSync, readFileSync } from 'node:fs';
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

  async function synthesize(apps: Record<string, string>, options: Partial<SynthesizerOptions>, signal?: AbortSignal) {
    checkout = await makeCheckout(apps);
    const settings = { settings: { scratch: checkout.directory }, secretKeys: [] };
    const { directory } = checkout;
    return createSynthesizer({ cacheDirectory, ...options }).synthesize({
      directory,
      revision: 'c0ffee',
      settings,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  it('an endless loop is ended at the time limit, and named', async () => {
    await expect(synthesize({ a: appText(), loop: appText('for (;;);') }, { timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'synth/limit',
      disposition: 'stalled',
      message: 'synthesis took more than 3 s at apps/loop/app.ts; it was ended',
    });
  });

  it('programs that an application started are ended with it', async () => {
    const body = `
    const child = process.getBuiltinModule('node:child_process').spawn('sleep', ['600']);
    process.getBuiltinModule('node:fs').writeFileSync(context.setting('scratch') + '/pid', String(child.pid));
    for (;;);`;
    await expect(synthesize({ spawner: appText(body) }, { timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'synth/limit',
    });
    const pid = readFileSync(join(checkout?.directory ?? '', 'pid'), 'utf8');
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('a program that an application left behind does not hold up the result', async () => {
    const body = "process.getBuiltinModule('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' });";
    expect(Object.keys((await synthesize({ leaver: appText(body) }, { timeoutMs: 20_000 })).apps)).toEqual(['leaver']);
  });

  it('a module that never finishes loading ends the synthesis, and is named', async () => {
    const text = `await new Promise(() => undefined);\n${appText()}`;
    await expect(synthesize({ waits: text }, {})).rejects.toMatchObject({
      code: 'synth/threw',
      message: expect.stringContaining('apps/waits/app.ts') as string,
    });
  });

  it.each([
    ['the JavaScript heap', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));'],
    ['memory outside of it', "const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 'x'));"],
  ])('eating %s is ended at the memory limit', async (_what, body) => {
    await expect(synthesize({ eater: appText(body) }, { memoryMiB: 300 })).rejects.toMatchObject({
      code: 'synth/limit',
      message: expect.stringMatching(/memory at apps\/eater\/app.ts/) as string,
    });
  });

  it('a huge result is ended at the output limit', async () => {
    await expect(
      synthesize({ huge: appText('', "{ a: 'x'.repeat(20_000_000) }") }, { outputBytes: 5_000_000 }),
    ).rejects.toMatchObject({ code: 'synth/limit', message: expect.stringContaining('5000000 bytes') as string });
  });

  it('a large result within the limit arrives whole', async () => {
    const state = await synthesize({ large: appText('', "{ a: 'ä'.repeat(10_000_000) }") }, {});
    expect((state.apps.large?.objects[0]?.data as { a: string }).a).toHaveLength(10_000_000);
  });

  it('an abort ends the child and is not a failure', async () => {
    const abort = new AbortController();
    const body = `
    process.getBuiltinModule('node:fs').writeFileSync(context.setting('scratch') + '/started', '');
    for (;;);`;
    const outcome = expect(synthesize({ loop: appText(body) }, {}, abort.signal)).rejects.toMatchObject({
      code: 'cancelled/superseded',
      disposition: 'cancelled',
    });
    await expect.poll(() => existsSync(join(checkout?.directory ?? '', 'started')), { timeout: 20_000 }).toBe(true);
    abort.abort();
    await outcome;
  });

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

function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
