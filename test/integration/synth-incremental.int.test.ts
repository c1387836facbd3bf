import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesiredState } from '../../src/app/desired-state.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import type { Synthesizer } from '../../src/synth/port.js';
import { appText, type Checkout, makeCheckout } from './synth-checkout.js';

/** An application whose object tells in which process it was built. */
const TELLS_PROCESS = appText('', '{ process: String(process.pid) }');
const IDS = { src: 's1', 'apps/a': 'a1', 'apps/b': 'b1', 'apps/c': 'c1' };

describe('integration/synth-incremental', () => {
  let checkout: Checkout;
  let cacheDirectory: string;
  let synthesizer: Synthesizer;
  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
    synthesizer = createSynthesizer({ cacheDirectory });
    checkout = await makeCheckout({ a: TELLS_PROCESS, b: TELLS_PROCESS, c: TELLS_PROCESS });
  });
  afterEach(async () => {
    await checkout.remove();
    await rm(cacheDirectory, { recursive: true });
  });

  /** Which process built each application, by the number of the run. */
  async function runsOf(steps: readonly (readonly [Readonly<Record<string, string>>, (() => Promise<void>)?])[]) {
    const processes: string[] = [];
    const runs: Record<string, number>[] = [];
    for (const [ids, before] of steps) {
      await before?.();
      const state = await synthesizer.synthesize({
        directory: checkout.directory,
        revision: 'c0ffee',
        settings: { settings: {}, secretKeys: [] },
        objectIds: { ...IDS, ...ids },
      });
      expect(state.failed).toEqual({});
      const built = Object.entries(processOf(state));
      processes.push(...new Set(built.map(([, pid]) => pid).filter((pid) => !processes.includes(pid))));
      runs.push(Object.fromEntries(built.map(([app, pid]) => [app, processes.indexOf(pid)])));
    }
    return runs;
  }

  const write = (app: string, text: string) => () => checkout.write(`apps/${app}/app.ts`, text);

  it('only the application whose folder changed is run again', async () => {
    expect(await runsOf([[{}], [{ 'apps/b': 'b2' }], [{ 'apps/b': 'b2' }], [{ src: 's2' }]])).toEqual([
      { a: 0, b: 0, c: 0 },
      { a: 0, b: 1, c: 0 },
      { a: 0, b: 1, c: 0 },
      { a: 2, b: 2, c: 2 },
    ]);
  });

  it('what another application was given stays with it when only the second one is run again', async () => {
    const same = "name: 'shared'";
    const text = (folder: string): string => TELLS_PROCESS.replace('name: context.name', `${same} /* ${folder} */`);
    await Promise.all([write('a', text('a'))(), write('b', text('b'))()]);
    const request = { directory: checkout.directory, revision: 'c0ffee', settings: { settings: {}, secretKeys: [] } };
    const first = await synthesizer.synthesize({ ...request, objectIds: IDS });
    const second = await synthesizer.synthesize({ ...request, objectIds: { ...IDS, 'apps/a': 'a2' } });
    expect(Object.keys(first.failed)).toEqual(['b']);
    expect(Object.keys(second.failed)).toEqual(['b']);
  });

  it.each([
    ['imports a module of another', "import { extra } from '../a/extra.js';\nvoid extra;\n"],
    [
      'reads a file of another',
      "import { readFileSync } from 'node:fs';\nreadFileSync(new URL('../a/extra.ts', import.meta.url));\n",
    ],
    ['lists all of them', "import { readdir } from 'node:fs/promises';\nawait readdir('apps');\n"],
    ['reads a document', "import fs from 'node:fs';\nfs.existsSync('docs/x.md');\n"],
  ])('all are run each time where one %s', async (_case, header) => {
    await checkout.write('apps/a/extra.ts', 'export const extra = 1;\n');
    await write('b', header + TELLS_PROCESS)();
    expect(await runsOf([[{}], [{ 'apps/c': 'c2' }]])).toEqual([
      { a: 0, b: 0, c: 0 },
      { a: 1, b: 1, c: 1 },
    ]);
  });

  it('an application that begins to read what belongs to another has all of them run again at once', async () => {
    await checkout.write('apps/a/extra.ts', 'export const extra = 1;\n');
    const reaching = `import { extra } from '../a/extra.js';\nvoid extra;\n${TELLS_PROCESS}`;
    const [first, second] = await runsOf([[{}], [{ 'apps/b': 'b2' }, write('b', reaching)]]);
    expect(first).toEqual({ a: 0, b: 0, c: 0 });
    expect(new Set(Object.values(second ?? {}))).toEqual(new Set([1]));
  });

  it('reading its own files and what it shares with others by a module of the library keeps applications apart', async () => {
    await checkout.write('src/shared.ts', "export const shared = 'x';\n");
    await checkout.write('apps/a/own.txt', 'x');
    const header = `import { readFileSync } from 'node:fs';
import { shared } from '../../src/shared.js';
readFileSync(new URL('./app.ts', import.meta.url)); void shared;
`;
    await Promise.all([write('a', header + TELLS_PROCESS)(), write('b', header + TELLS_PROCESS)()]);
    expect(await runsOf([[{}], [{ 'apps/c': 'c2' }]])).toEqual([
      { a: 0, b: 0, c: 0 },
      { a: 0, b: 0, c: 1 },
    ]);
  });

  it('a file beside the folders belongs to all, and a change of it runs all of them again', async () => {
    await checkout.write('apps/both.ts', "export const both = 'x';\n");
    const header = "import { both } from '../both.js';\nvoid both;\n";
    await Promise.all([write('a', header + TELLS_PROCESS)(), write('b', header + TELLS_PROCESS)()]);
    const shared = { 'apps/both.ts': 's1' };
    const changed = { 'apps/both.ts': 's2', 'apps/c': 'c2' };
    expect(await runsOf([[shared], [{ ...shared, 'apps/c': 'c2' }], [changed]])).toEqual([
      { a: 0, b: 0, c: 0 },
      { a: 0, b: 0, c: 1 },
      { a: 2, b: 2, c: 2 },
    ]);
  });
});

function processOf({ apps }: DesiredState): Record<string, string> {
  return Object.fromEntries(
    Object.values(apps).map(({ name, objects: [object] }) => {
      const { data } = object as unknown as { readonly data: { readonly process: string } };
      return [name, data.process];
    }),
  );
}
