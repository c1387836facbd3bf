import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { appNameSchema } from '../synth/schema.js';
import { ConfigError } from '../base/errors.js';
import { findRepository, readApplications } from '../migration/argocd/read-applications.js';
import { chooseNamespace } from '../migration/choose-namespace.js';
import { createFormatter } from '../migration/format-code.js';
import { importApp, type ImportedApp, type ImportRequest, type ImportTools } from '../migration/import-app.js';
import { describeLeftOut } from '../migration/parse-manifests.js';
import { readSource } from '../migration/read-source.js';
import { createKustomize, type Kustomize } from '../migration/run-kustomize.js';
import type { SecretValue } from '../migration/secret-values.js';
import { describeOrigin, type LeftOut } from '../migration/source-object.js';
import { createTrial } from '../migration/trial.js';
import { withoutRepetitions } from '../migration/unique-objects.js';
import { requireFree, writeApp } from '../migration/write-app.js';
import { createSynthesizer } from '../synth/child-synthesizer.js';
import { ensureProgram } from '../sandbox/toolchain.js';
import type { AppReport, ImportReport } from './import-report.js';
import { note } from './output.js';

/** Where applications go, and how. */
export interface ImportTarget {
  /** The working tree: it has `src/constructs`. */
  readonly project: string;
  /** The folder that gets a folder for each application. */
  readonly out: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** The file that gets the secret values. */
  readonly secretsFile?: string;
}

/** One folder of manifests to be one application. */
export interface FolderImport extends ImportTarget {
  readonly path: string;
  readonly name: string;
  readonly namespace?: string;
}

/**
 * Makes one application of a folder of manifests.
 * @throws ConfigError `config/invalid` when something cannot be read or would be overwritten
 */
export async function importFolder(request: FolderImport): Promise<ImportReport> {
  const read = await readSource(request.path, kustomizeOfMachine());
  const namespace = request.namespace ?? chooseNamespace(read.objects.map(({ manifest }) => manifest));
  const { objects, skipped, refused } = withoutRepetitions(read, namespace);
  if (objects.length === 0) {
    const reasons = [...refused, ...skipped].map(describeLeftOut);
    throw new ConfigError('config/invalid', [`${request.path} holds no Kubernetes objects`, ...reasons].join('\n'));
  }
  return importAll([{ request: { name: request.name, namespace, objects }, skipped, refused }], request);
}

/** Argo CD Applications to be applications. */
export interface ArgoImportRequest extends ImportTarget {
  readonly path: string;
  /** What their paths are relative to. @default - the Git repository that they are in */
  readonly repository?: string;
}

/**
 * Makes an application of each Argo CD Application whose objects are in the repository.
 * @throws ConfigError `config/invalid` when something cannot be read or would be overwritten
 */
export async function importApplications(request: ArgoImportRequest): Promise<ImportReport> {
  const { path, repository = findRepository(path) } = request;
  const { applications, skipped, refused } = await readApplications(path, repository, kustomizeOfMachine());
  const reasons = skipped.map((one) => `passed over ${describeLeftOut(one)}`);
  if (applications.length === 0) {
    const all = [...refused.map(describeLeftOut), ...reasons];
    throw new ConfigError('config/invalid', [`${path} holds no Applications to import`, ...all].join('\n'));
  }
  const report = await importAll(applications, request);
  return {
    ...report,
    refused: [...refused.map(leftOutOf), ...report.refused],
    notes: [...reasons, ...report.notes],
  };
}

/** An application to be made, and what of its source is not in it. */
export interface PlannedImport {
  readonly request: ImportRequest;
  readonly skipped: readonly LeftOut[];
  readonly refused: readonly LeftOut[];
}

/** Makes applications one after the other, and writes those that can be made. One that cannot be made spoils no other. */
export async function importAll(planned: readonly PlannedImport[], target: ImportTarget): Promise<ImportReport> {
  for (const { request } of planned) {
    checkName(request.name);
    if (!target.force && !target.dryRun) {
      await requireFree(join(target.out, request.name));
    }
  }
  const tools = await createTools(target.project);
  const done: { readonly app: ImportedApp; readonly report: AppReport }[] = [];
  const failed: { readonly name: string; readonly error: ConfigError }[] = [];
  for (const { request, skipped, refused } of planned) {
    try {
      const app = await importApp(request, tools);
      done.push({ app, report: reportOf(app, { skipped, refused }, target) });
    } catch (error) {
      if (!(error instanceof ConfigError)) {
        throw error;
      }
      failed.push({ name: request.name, error });
    }
  }
  if (done.length === 0 && failed[0] !== undefined) {
    throw failed[0].error;
  }
  if (!target.dryRun) {
    for (const { app } of done) {
      await writeApp(app, join(target.out, app.name));
    }
  }
  const notes = await writeSecrets(
    done.flatMap(({ app }) => app.secrets),
    target,
  );
  const refused = failed.map(({ name, error }) => ({ source: `application ${name}`, reason: error.message }));
  return { apps: done.map(({ report }) => report), refused, notes };
}

/** Kustomize as it is on this machine; it is got where it is not there. */
export function kustomizeOfMachine(): Kustomize {
  return createKustomize({ environment: process.env, getProgram: () => ensureProgram('kustomize', note) });
}

async function createTools(project: string): Promise<ImportTools> {
  const synthesizer = createSynthesizer({ cacheDirectory: join(project, '.prodesk', 'cache'), checked: false });
  return { trial: createTrial(project, synthesizer), format: await createFormatter(project) };
}

function leftOutOf({ origin, reason }: LeftOut): AppReport['refused'][number] {
  return { source: describeOrigin(origin), reason };
}

function reportOf(
  app: ImportedApp,
  { skipped, refused }: Pick<PlannedImport, 'skipped' | 'refused'>,
  target: ImportTarget,
): AppReport {
  const { name, namespace, files, objects, secrets, findings } = app;
  return {
    name,
    namespace,
    ...(target.dryRun ? {} : { folder: relative(process.cwd(), join(target.out, name)) }),
    files: files.map(({ path }) => path),
    objects,
    skipped: skipped.map(leftOutOf),
    refused: [...refused, ...app.refused].map(leftOutOf),
    findings,
    secrets: secrets.map(({ key, encrypted }) => ({ key, encrypted })),
  };
}

/** Values go to the file alone: not to the terminal, and not to arguments of programs. */
async function writeSecrets(secrets: readonly SecretValue[], { secretsFile }: ImportTarget): Promise<string[]> {
  const known = secrets.filter(({ encrypted }) => !encrypted);
  if (secretsFile === undefined || known.length === 0) {
    return [];
  }
  const values = Object.fromEntries(known.map(({ key, value }) => [`prodesk:${key}`, value]));
  await writeFile(secretsFile, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return [`${known.length} secret values are in ${secretsFile}; delete it when they are set`];
}

function checkName(name: string): void {
  if (!appNameSchema.safeParse(name).success) {
    throw new ConfigError(
      'config/invalid',
      `application name is not a DNS label (a-z, 0-9, -; at most 63 characters): "${name}"; give one with --name`,
    );
  }
}
