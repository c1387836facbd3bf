import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveSecrets } from '../../src/app/resolve-secrets.js';
import { importApplications, importFolder } from '../../src/cli/import-apps.js';
import { countRefused, type ImportReport } from '../../src/cli/import-report.js';
import { createKustomize } from '../../src/migration/run-kustomize.js';
import { createTrial } from '../../src/migration/trial.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { createSecretFiles } from '../../src/sops/secret-files.js';
import { createSynthesizer } from '../../src/synth/child-synthesizer.js';
import { fixture } from '../sops/fixtures.js';
import { encryptYaml, newIdentity } from '../support/sops-file.js';

const PROJECT = resolve(import.meta.dirname, '../..');
const FIXTURES = join(PROJECT, 'test/fixtures/import');
const SECRET = /sentinel/;

/** A project of its own, so that the generated applications can be compiled and formatted as in a real one. */
let project: string;
let out: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'prodesk-import-test-'));
  for (const entry of [
    'src',
    'node_modules',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    '.prettierignore',
  ]) {
    await symlink(join(PROJECT, entry), join(project, entry));
  }
});
afterAll(async () => rm(project, { recursive: true, force: true }));
beforeEach(async () => {
  out = await mkdtemp(join(project, 'out-'));
});

const ARGOCD = {
  path: join(PROJECT, 'test/fixtures/import-argocd/argocd/root.yaml'),
  repository: join(PROJECT, 'test/fixtures/import-argocd'),
};

/** The folder of a fixture, or its overlay where it is a kustomization. */
function sourceOf(fixture: string): string {
  const overlay = join(FIXTURES, fixture, 'overlays/prod');
  return existsSync(overlay) ? overlay : join(FIXTURES, fixture);
}

const request = (fixture: string, name = fixture) => ({
  path: sourceOf(fixture),
  name,
  project,
  out,
  force: false,
  dryRun: false,
});

async function readAll(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

const run = (program: string, ...args: string[]) =>
  promisify(execFile)(join(PROJECT, 'node_modules/.bin', program), args, { cwd: project });

describe('cli/import-apps', () => {
  describe('every fixture', () => {
    it.each(readdirSync(FIXTURES))(
      '%s becomes an application that makes the same, and holds no secret value',
      async (fixture) => {
        const apps = join(project, 'apps');
        const report = await importFolder({ ...request(fixture), out: apps });
        expect(report.apps).toHaveLength(1);
        expect(report.apps[0]?.objects.length).toBeGreaterThan(0);
        expect(await readAll(join(apps, fixture))).not.toMatch(SECRET);
        expect(JSON.stringify(report)).not.toMatch(SECRET);
      },
    );

    it('Applications become applications with their policies', async () => {
      const { apps, notes } = await importApplications({ ...request('blog'), ...ARGOCD, out: join(project, 'apps') });
      expect(apps.map(({ name, namespace }) => `${name} in ${namespace}`)).toEqual([
        'db in data',
        'tool-one in tools-one',
        'tool-second in tools-second',
        'web in web',
      ]);
      expect(apps[0]?.objects.map(({ object, construct }) => `${object.kind} ${object.name}: ${construct}`)).toEqual([
        'PersistentVolumeClaim data: Claim',
        'HelmChart db-exporter: HelmChart',
      ]);
      const db = await readFile(join(project, 'apps/db/app.ts'), 'utf8');
      expect(db).toContain(
        "values: { replicas: 2, auth: { password: null, user: 'exporter' }, hosts: [{ port: 5432 }] }",
      );
      expect(notes.join()).toContain('projects limit what Applications may do');
      const web = await readFile(join(project, 'apps/web/app.ts'), 'utf8');
      expect(web).toContain(
        "newestBuild('ghcr.io/example/web', { allow: '^master-', ignore: ['^latest$', '^.*-debug$'] })",
      );
      expect(web).toContain("semver('ghcr.io/example/side', { range: '~1.4' })");
      expect(web).toContain("sync: 'auto'");
      expect(web).toContain("ignoreDifferences: [{ kind: 'Deployment', pointers: ['/spec/replicas'] }]");
      expect(web).toContain("image: 'ghcr.io/example/web:master-abc1234'");
    });

    it('has code of right types in the layout of the project', async () => {
      await run('prettier', '--check', 'apps', '!**/*.sops.yaml');
      await run('tsc', '--noEmit', '-p', '.');
    }, 400_000);
  });

  it('never overwrites an application without being told to', async () => {
    await importFolder(request('blog'));
    await writeFile(join(out, 'blog', 'note.txt'), 'mine');
    await expect(importFolder(request('blog'))).rejects.toThrow('is there already and is not overwritten; use --force');
    expect(await readFile(join(out, 'blog', 'note.txt'), 'utf8')).toBe('mine');
    await importFolder({ ...request('blog'), force: true });
    await expect(stat(join(out, 'blog', 'note.txt'))).rejects.toThrow('ENOENT');
  });

  it('writes secret values to the file that was asked for, and to nothing else', async () => {
    const secretsFile = join(out, 'secrets.json');
    await importFolder({ ...request('blog'), dryRun: true, secretsFile });
    expect(await readdir(out)).toEqual(['secrets.json']);
    expect((await stat(secretsFile)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(secretsFile, 'utf8'))).toMatchObject({
      'prodesk:blog.DB_PASSWORD': 'sentinel-password',
      'prodesk:blog.blog-secret.API_TOKEN': 'sentinel-token',
    });
  });

  it('uses constructs where they make the same, and says why where not', async () => {
    const { apps } = await importFolder({ ...request('homelab'), dryRun: true });
    const forms = Object.fromEntries(
      (apps[0]?.objects ?? []).map(({ object, construct, why }) => [
        `${object.kind} ${object.name}`,
        { construct, why },
      ]),
    );
    expect(forms).toMatchObject({
      'Deployment news': { construct: 'WebApp', why: 'WebApp makes the same' },
      'IngressRoute news-web': { construct: 'WebApp' },
      'PersistentVolume mysql-pv': { construct: 'Database' },
      'Endpoints redis': { construct: 'ExternalService' },
      'CronJob snapshot': { construct: 'CronJob' },
      'Secret mysql-secret': { construct: 'Secret' },
      'Middleware strip': { construct: 'StripPrefix' },
    });
  });

  it('uses a construct for what is around an application, and none where it would lose something', async () => {
    const { apps } = await importFolder({ ...request('network'), dryRun: true });
    const forms = (apps[0]?.objects ?? []).map(
      ({ object, construct }) => `${object.kind} ${object.name}: ${construct}`,
    );
    expect(forms).toEqual([
      'ServiceAccount operator: ServiceAccount',
      'Role operator: ServiceAccount',
      'RoleBinding operator: ServiceAccount',
      'ClusterRole operator: ServiceAccount',
      'ClusterRoleBinding operator: ServiceAccount',
      'ServiceAccount quiet: ServiceAccount',
      'ServiceAccount puller: ServiceAccount',
      'PodMonitor worker: PodMonitor',
      'PrometheusRule shop: PrometheusRule',
      'Ingress shop: Ingress',
      'IngressRoute shop: IngressRoute',
      'IngressRoute far: IngressRoute',
      'TLSOption modern: TlsOption',
      'TLSStore default: TlsStore',
      'Middleware login: BasicAuth',
      'Middleware strip: StripPrefix',
      'Middleware https: RedirectScheme',
      'Middleware www: RedirectRegex',
      'Middleware both: Chain',
      'Middleware zip: Compress',
      'Middleware sso: ForwardAuth',
      'Middleware safe: Headers',
      'Middleware lan: IpAllowList',
      'Middleware retry: ApiObject',
      'NetworkPolicy shop: NetworkPolicy',
      'NetworkPolicy closed: NetworkPolicy',
      'PodDisruptionBudget shop: PodDisruptionBudget',
      'HorizontalPodAutoscaler shop: HorizontalPodAutoscaler',
      'PersistentVolumeClaim uploads: Claim',
      'HelmChart cert-manager: HelmChart',
    ]);
  });

  it('keeps every kind, long definitions in files, and tells what checks would find', async () => {
    const { apps } = await importFolder({ ...request('kinds'), dryRun: true });
    expect(apps[0]?.files).toEqual(['app.ts', 'custom-resource-definition-widgets.example.com.yaml']);
    const reasons = Object.fromEntries((apps[0]?.objects ?? []).map(({ object, why }) => [object.kind, why]));
    expect(reasons).toMatchObject({
      StatefulSet: 'StatefulSet makes the same',
      DaemonSet: 'DaemonSet would differ: DaemonSet: spec.template.spec.containers[0].terminationMessagePath',
    });
    expect(apps[0]?.findings.join()).toContain('Service platform/web is in no application');
  });

  it('builds a kustomization with all that it says, and keeps what KSOPS would decrypt as secrets', async () => {
    const { apps } = await importFolder({ ...request('shop'), dryRun: true });
    expect(apps[0]?.namespace).toBe('shop-prod');
    expect(apps[0]?.objects.map(({ object }) => `${object.kind} ${object.name}`)).toEqual([
      'ConfigMap prod-files-v1-964764kbm5',
      'ConfigMap prod-settings-v1-g954k2b5ht',
      'Secret prod-credentials-v1-b9kbd48c6k',
      'Secret prod-payment-v1',
      'Service prod-shop-v1',
      'Deployment prod-shop-v1',
      'CronJob prod-cleanup-v1',
      'ServiceMonitor prod-shop-v1',
      'Ingress prod-shop-v1',
    ]);
    expect(apps[0]?.files).toContain('payment.sops.yaml');
    expect(apps[0]?.secrets.map(({ encrypted }) => encrypted)).not.toContain(true);
  });

  it('keeps what SOPS encrypted beside the application, where it is decrypted to the same Secrets', async () => {
    const { identity, recipient } = await newIdentity();
    const data = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bytes' }, data: { KEY: 'c2VudGluZWw=' } };
    const folder = await mkdtemp(join(project, 'sops-'));
    await cp(join(PROJECT, 'test/fixtures/sops/secret.sops.yaml'), join(folder, 'secret.sops.yaml'));
    await writeFile(join(folder, 'bytes.enc.yaml'), await encryptYaml(data, { recipient, encryptedRegex: '^data$' }));
    const { apps } = await importFolder({ ...request('sealed'), path: folder });
    expect(apps[0]?.files).toEqual(['app.ts', 'bytes.sops.yaml', 'secret.sops.yaml']);
    expect(apps[0]?.secrets).toEqual([]);
    expect(apps[0]?.objects.map(({ notes }) => notes)).toContainEqual([
      'its values stay encrypted, in secret.sops.yaml',
    ]);

    const names = await readdir(join(out, 'sealed'));
    const texts = await Promise.all(names.map((name) => readFile(join(out, 'sealed', name), 'utf8')));
    const files = names.map((path, index) => ({ path, text: texts[index] ?? '' }));
    const trial = createTrial(project, createSynthesizer({ cacheDirectory: join(out, 'cache'), checked: false }));
    const app = (await trial({ sealed: files }, [])).apps['sealed'];
    const env = { HOME: '/nonexistent', SOPS_AGE_KEY: `${fixture('identity.txt')}\n${identity}` };
    const values = app && (await createSecretFiles(env).valuesOf(app));
    const secrets = app?.objects.map((object) => resolveSecrets(object, values ?? {}));
    expect(secrets?.map(({ data: found }) => found)).toEqual([
      data.data,
      {
        DB_PASSWORD: base64('sentinel-manifest-password'),
        'redis.conf': base64('requirepass sentinel-manifest-conf\n'),
      },
    ]);
  });

  it('gets Kustomize itself where neither it nor kubectl is installed', async () => {
    const program = await ensureProgram('kustomize', () => undefined);
    const kustomize = createKustomize({
      environment: { PATH: '/nowhere' },
      getProgram: () => Promise.resolve(program),
    });
    expect(await kustomize(join(FIXTURES, 'shop/base'))).toContain('kind: CronJob');
    await expect(kustomize(join(FIXTURES, 'shop/base/nothing'))).rejects.toThrow('Kustomize cannot build');
  });

  it('refuses a folder that only holds kustomizations, and names them', async () => {
    const path = join(FIXTURES, 'shop');
    await expect(importFolder({ ...request('shop'), path })).rejects.toThrow(
      /components\/metrics: it is a kustomization: import it by itself[^]*overlays\/prod: it is a kustomization/,
    );
  });

  it('refuses a folder without objects', async () => {
    await expect(importFolder({ ...request('blog'), path: join(PROJECT, 'docs') })).rejects.toThrow(
      'holds no Kubernetes objects',
    );
  });

  describe('a folder in which not everything can be imported', () => {
    const files: Readonly<Record<string, string | Buffer>> = {
      'a.yaml': map('one'),
      'again.yaml': map('one', '2'),
      'broken.yaml': `kind: Pod\n  x: [\n---\n${map('after')}`,
      'chart/Chart.yaml': 'name: x',
      'chart/templates/web.yaml': 'kind: {{ .Values.kind }}',
      'crlf.yaml': map('crlf').replaceAll('\n', '\r\n'),
      'flux/kustomization.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec: {path: ./x}',
      'latin.yaml': Buffer.from('# caf\xe9\nkind: Pod\n', 'latin1'),
      'notes.yaml': 'just: values',
      'overlay/kustomization.yaml': 'resources: []',
      'sub/other-namespace.yaml': long('big', 'here') + '---\n' + long('big', 'there'),
      'sub/empty.yaml': '---\n# nothing\n---\n',
      'template.yaml': '{{- if .Values.x }}\nkind: Pod\napiVersion: v1\n{{- end }}',
    };
    let report: ImportReport;
    beforeAll(async () => {
      const folder = await mkdtemp(join(project, 'messy-'));
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      report = await importFolder({ ...request('messy'), path: folder, out: await mkdtemp(join(project, 'out-')) });
    });

    it('gives an application of the rest', () => {
      const [app] = report.apps;
      expect(app?.objects.map(({ object }) => [object.kind, object.namespace, object.name].join(' '))).toEqual([
        'ConfigMap  one',
        'ConfigMap  after',
        'ConfigMap  crlf',
        'Kustomization  web',
        'Widget here big',
        'Widget there big',
      ]);
      expect(app?.skipped).toEqual([
        {
          source: 'notes.yaml, document 1 (line 1)',
          reason: expect.stringContaining('not a Kubernetes object') as string,
        },
      ]);
    });

    it('names what is missing and why', () => {
      const refused = report.apps[0]?.refused.map(({ source, reason }) => `${source}: ${reason.slice(0, 30)}`);
      expect(refused).toEqual([
        'broken.yaml, document 1 (line 1): not valid YAML (block as impli',
        'latin.yaml: it is not UTF-8 text',
        'template.yaml, document 1 (line 1): not valid YAML (block in flow)',
        'chart: it is a Helm chart: import wha',
        'overlay: it is a kustomization: import ',
        'a.yaml, document 1 (line 1): ConfigMap one is there again, ',
      ]);
      expect(countRefused(report)).toBe(6);
    });
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function map(name: string, value = '1'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: "${value}"\n`;
}

/** An object so long that it gets a file of its own, whose name must not be that of another. */
function long(name: string, namespace: string): string {
  const lines = Array.from({ length: 400 }, (_, index) => `  - line ${index}`).join('\n');
  return `apiVersion: x.io/v1\nkind: Widget\nmetadata: {name: ${name}, namespace: ${namespace}}\nlines:\n${lines}\n`;
}
