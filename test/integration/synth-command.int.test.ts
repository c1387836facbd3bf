import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { registerSynthCommand } from '../../src/cli/synth.js';
import { appText, type Checkout, makeCheckout } from './synth-checkout.js';

const APPS = {
  good: appText("context.setting('domain');", "{ password: `p=${context.secret('P')}`, flag: 'on' }"),
  bad: appText("throw new Error('no luck');"),
  old: appText().replace("namespace: 'home',", "namespace: 'home', enabled: false,"),
};

/** The text of an app.ts with a Service that selects nothing. */
function checkedText(port: string): string {
  return `import { defineApp } from '../../src/app/index.js';
import { ApiObject } from 'cdk8s';

export const app = defineApp({
  namespace: 'home',
  build(scope, context) {
    const spec = { selector: { app: 'nothing' }, ports: [{ ${port} }] };
    new ApiObject(scope, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: context.name }, spec });
  },
});
`;
}

describe('integration/synth-command', () => {
  let checkout: Checkout;
  let output = '';
  let notes = '';
  beforeEach(async () => {
    checkout = await makeCheckout(APPS);
    await checkout.write('Pulumi.prodesk.yaml', 'config:\n  prodesk:domain: example.com\n');
    [output, notes] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((output += String(text))));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((notes += String(text))));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    await checkout.remove();
  });

  async function run(...args: string[]): Promise<void> {
    const program = new Command();
    registerSynthCommand(program);
    await program.parseAsync(['synth', '--directory', checkout.directory, ...args], { from: 'user' });
  }

  it('--json prints one document with complete objects and without secret values', async () => {
    await run('--json');
    expect(JSON.parse(output)).toEqual({
      revision: 'working-tree',
      apps: {
        good: {
          namespace: 'home',
          sync: { automated: true, prune: true, selfHeal: true, createNamespace: true },
          images: [],
          objects: [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'good', namespace: 'home' },
              data: { password: '<secret>', flag: 'on' },
            },
          ],
        },
      },
      disabled: ['old'],
      failed: { bad: { message: 'no luck', location: 'apps/bad/app.ts:7' } },
      findings: [],
    });
  });

  it('prints YAML that older parsers read alike, and notes failures apart', async () => {
    await run();
    expect(output).toContain('# good (namespace home, automated sync)\n---\napiVersion: v1\n');
    expect(output).toContain('flag: "on"');
    expect(parseAllDocuments(output)).toHaveLength(1);
    expect(notes).toBe('old is switched off\nbad failed at apps/bad/app.ts:7: no luck\n');
    expect(process.exitCode).toBe(1);
  });

  it('notes what checks found: errors refuse their application, warnings do not', async () => {
    await checkout.write('apps/bad/app.ts', checkedText('port: 80, nodePort: 80'));
    await checkout.write('apps/good/app.ts', checkedText('port: 80'));
    await run('--json');
    const { apps, failed, findings } = JSON.parse(output) as Record<string, Record<string, unknown>>;
    expect([Object.keys(apps ?? {}), Object.keys(failed ?? {})]).toEqual([['good'], ['bad']]);
    expect(findings).toMatchObject([
      { app: 'bad', severity: 'error', rule: 'invalid-port', field: 'spec.ports[0].nodePort', file: 'apps/bad/app.ts' },
      { app: 'bad', severity: 'warning', rule: 'service-selects-nothing' },
      { app: 'good', severity: 'warning', rule: 'service-selects-nothing' },
    ]);
    expect(notes).toContain('\nwarning: good: Service home/good spec.selector: no workload in namespace home has pods');
    expect(notes).toContain(
      'bad failed at apps/bad/app.ts: Service home/bad spec.ports[0].nodePort: 80 is not a node port',
    );
    expect(process.exitCode).toBe(1);
  });

  it('--app shows one application only', async () => {
    await run('--json', '--app', 'old');
    expect(JSON.parse(output)).toMatchObject({ apps: {}, disabled: ['old'], failed: {} });
    expect(process.exitCode).toBeUndefined();
  });

  it('an unknown application is refused with the names that exist', async () => {
    await expect(run('--app', 'nope')).rejects.toMatchObject({
      code: 'app/unknown',
      message: 'no application "nope" in apps/; there are: bad, good, old',
    });
  });

  it('a missing setting is refused with its command, a missing secret is not', async () => {
    await expect(run('--stack', 'other')).rejects.toMatchObject({
      code: 'config/missing',
      message: expect.stringMatching(
        /missing; set with:\n {2}pulumi config set prodesk:domain VALUE {4}# good$/,
      ) as string,
    });
  });

  it("of one application alone the others' missing settings are no matter", async () => {
    await checkout.write('apps/needless/app.ts', appText());
    await run('--stack', 'other', '--app', 'needless', '--json');
    expect(Object.keys((JSON.parse(output) as { apps: object }).apps)).toEqual(['needless']);
    await expect(run('--stack', 'other', '--app', 'good')).rejects.toMatchObject({ code: 'config/missing' });
  });

  it('--allow-missing stands in for settings', async () => {
    await run('--stack', 'other', '--allow-missing', '--json');
    expect(JSON.parse(output)).toHaveProperty('apps.good');
  });
});
