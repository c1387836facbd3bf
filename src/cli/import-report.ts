import { type ObjectRef, describeRef } from '../app/manifest.js';
import type { ObjectReport } from '../migration/import-app.js';
import { formatTable } from './output.js';

/** What one application of an import became. Secret values are not in it. */
export interface AppReport {
  readonly name: string;
  readonly namespace: string;
  /** The folder that was written; absent when only a report was asked for. */
  readonly folder?: string;
  readonly files: readonly string[];
  readonly objects: readonly ObjectReport[];
  /** Documents that were passed over, and why. */
  readonly skipped: readonly { readonly source: string; readonly reason: string }[];
  /** What should have been imported and could not, and why. */
  readonly refused: readonly { readonly source: string; readonly reason: string }[];
  /** What `prodesk synth` would find wrong with it, were it alone. */
  readonly findings: readonly string[];
  /** Keys of the stack configuration that hold its secret values. */
  readonly secrets: readonly { readonly key: string; readonly encrypted: boolean }[];
}

/** The document of `prodesk import --json`. */
export interface ImportReport {
  readonly apps: readonly AppReport[];
  /** What belongs to no application of the import and could not be imported. */
  readonly refused: AppReport['refused'];
  readonly notes: readonly string[];
}

interface Row {
  readonly object: ObjectRef;
  readonly form: string;
  readonly why: string;
  readonly source: string;
}

/** The report as people read it. */
export function reportText({ apps, refused }: Pick<ImportReport, 'apps' | 'refused'>): string {
  return [...apps.map(textOf), ...(refused.length === 0 ? [] : [refusedLines(refused).join('\n')])].join('\n\n');
}

/** How many documents, objects and applications a person has to see to. */
export function countRefused({ apps, refused }: Pick<ImportReport, 'apps' | 'refused'>): number {
  return refused.length + apps.reduce((sum, app) => sum + app.refused.length, 0);
}

function refusedLines(refused: AppReport['refused']): string[] {
  return refused.map(({ source, reason }) => `NOT IMPORTED ${source}: ${reason}`);
}

function textOf(app: AppReport): string {
  const { name, namespace, folder, files, objects, skipped, refused, findings, secrets } = app;
  const rows: Row[] = objects.map(({ object, form, construct, why, notes, source }) => ({
    object,
    form: form === 'construct' ? construct : form,
    why: [why, ...notes].join('; '),
    source: `${source.file}:${source.line}`,
  }));
  const where = folder === undefined ? 'nothing was written' : `${folder}: ${files.join(', ')}`;
  return [
    `${name} (namespace ${namespace}), ${objects.length} objects, ${where}`,
    formatTable(rows, [
      { title: 'OBJECT', value: ({ object }) => describeRef(object) },
      { title: 'FORM', value: ({ form }) => form, style: ({ form }) => (form === 'plain' ? undefined : 'green') },
      { title: 'SOURCE', value: ({ source }) => source },
      { title: 'WHY', value: ({ why }) => why },
    ]),
    ...skipped.map(({ source, reason }) => `passed over ${source}: ${reason}`),
    ...refusedLines(refused),
    ...findings.map((finding) => `look at ${finding}`),
    ...secretLines(secrets),
  ].join('\n');
}

function secretLines(secrets: AppReport['secrets']): string[] {
  if (secrets.length === 0) {
    return [];
  }
  return [
    `${secrets.length} secret ${secrets.length === 1 ? 'value is' : 'values are'} read from the stack configuration; set with (asks for the value):`,
    ...secrets.map(
      ({ key, encrypted }) =>
        `  pulumi config set --secret prodesk:${key}${encrypted ? '    # encrypted in the file: decrypt it with sops' : ''}`,
    ),
  ];
}
