import { checkState } from '../app/checks/check-state.js';
import { describeFinding } from '../app/checks/finding.js';
import type { DesiredState } from '../app/desired-state.js';
import { keyOf, type ObjectKey, type ObjectRef, refOf } from '../app/manifest.js';
import type { SyncPolicyProps } from '../app/sync-policy.js';
import { BugError, ConfigError } from '../base/errors.js';
import { type AppHeader, type Formatter, renderApp } from './app-source.js';
import { choosePieces, type Choice } from './choose-pieces.js';
import { arrangePieces } from './arrange-pieces.js';
import type { DataFile, Piece } from './piece.js';
import { SecretNames } from './secret-names.js';
import type { SecretValue } from './secret-values.js';
import type { Origin, SourceObject } from './source-object.js';
import type { Trial } from './trial.js';
import { verifyApp } from './verify.js';

/** An application to be made from objects. */
export interface ImportRequest {
  readonly name: string;
  readonly namespace: string;
  readonly objects: readonly SourceObject[];
  /** @default auto */
  readonly sync?: SyncPolicyProps;
  /** @default - none */
  readonly images?: AppHeader['images'];
  /** @default - none */
  readonly comment?: readonly string[];
}

/** What became of one object. */
export interface ObjectReport {
  readonly object: ObjectRef;
  readonly source: Origin;
  readonly form: 'construct' | 'plain' | 'file';
  readonly construct: string;
  /** Why it has this form. */
  readonly why: string;
  readonly notes: readonly string[];
}

/** A generated application that was synthesized and found equal to its objects. */
export interface ImportedApp {
  readonly name: string;
  readonly namespace: string;
  readonly files: readonly DataFile[];
  readonly objects: readonly ObjectReport[];
  readonly secrets: readonly SecretValue[];
  /** What checks find in it, were it alone: for a person to look at. */
  readonly findings: readonly string[];
}

/** What making an application needs from outside. */
export interface ImportTools {
  readonly trial: Trial;
  readonly format: Formatter;
}

/**
 * Makes an application of objects, with constructs where they make exactly the same, and proves it by synthesizing it.
 * @throws ConfigError `config/invalid` when an object is such that no application can hold it
 */
export async function importApp(request: ImportRequest, tools: ImportTools): Promise<ImportedApp> {
  const { name, namespace, objects } = request;
  const frame = { namespace, secrets: new SecretNames(objects) };
  const choices = await choosePieces(objects, frame, tools.trial);
  const header: AppHeader = {
    namespace,
    sync: request.sync ?? 'auto',
    images: request.images ?? [],
    comment: request.comment ?? [],
  };
  const { pieces, code } = await arrangePieces(
    choices.map(({ piece }) => piece),
    frame,
    async (draft) => tools.format(renderApp(header, draft)),
  );
  const files = [{ path: 'app.ts', text: code }, ...pieces.flatMap((piece) => piece.files)];
  const secrets = frame.secrets.valuesFor(name);
  const state = await prove({ name, files, secrets, objects }, tools.trial);
  const findings = (checkState(state).findings ?? []).map(
    (finding) => `${finding.severity}: ${describeFinding(finding)}`,
  );
  return { name, namespace, files, objects: reportOf(objects, pieces, choices), secrets, findings };
}

async function prove(
  { name, files, secrets, objects }: Pick<ImportedApp, 'name' | 'files' | 'secrets'> & Pick<ImportRequest, 'objects'>,
  trial: Trial,
): Promise<DesiredState> {
  const state = await trial(
    { [name]: files },
    secrets.map(({ key }) => key),
  );
  const failure = state.failed[name];
  if (failure !== undefined) {
    throw new ConfigError('config/invalid', `application ${name} cannot be imported: ${failure.message}`);
  }
  const values = Object.fromEntries(secrets.map(({ key, value }) => [key, value]));
  const verdict = verifyApp(state, name, objects, values);
  if (verdict.length > 0) {
    throw new BugError(
      'bug/unreachable',
      `application ${name} would not make what it was made from: ${verdict.join('; ')}`,
    );
  }
  return state;
}

function reportOf(
  objects: readonly SourceObject[],
  pieces: readonly Piece[],
  choices: readonly Choice[],
): ObjectReport[] {
  const byObject = new Map<ObjectKey, Piece>();
  pieces.forEach((piece) => piece.objects.forEach(({ manifest }) => byObject.set(keyOf(manifest), piece)));
  const reasons = new Map<ObjectKey, string>();
  choices.forEach(({ piece, why }) => piece.objects.forEach(({ manifest }) => reasons.set(keyOf(manifest), why)));
  return objects.map(({ manifest, origin, notes }) => {
    const key = keyOf(manifest);
    const construct = byObject.get(key)?.construct ?? '';
    const form = construct === 'ApiObject' ? 'plain' : construct === 'YamlFile' ? 'file' : 'construct';
    const why = `${reasons.get(key) ?? ''}${form === 'file' ? '; long, so in a file of its own' : ''}`;
    return { object: refOf(manifest), source: origin, form, construct, why, notes };
  });
}
