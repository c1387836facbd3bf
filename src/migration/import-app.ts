import { checkState } from '../app/checks/check-state.js';
import { describeFinding } from '../app/checks/finding.js';
import type { DesiredState } from '../app/desired-state.js';
import { keyOf, type ObjectKey, type ObjectRef, refOf } from '../app/manifest.js';
import type { SyncPolicyProps } from '../app/sync-policy.js';
import { BugError, ConfigError } from '../base/errors.js';
import { type AppHeader, type Formatter, renderApp } from './app-source.js';
import { choosePieces, type Choice, tryPieces } from './choose-pieces.js';
import { arrangePieces } from './arrange-pieces.js';
import type { DataFile, Piece } from './piece.js';
import { describeLeftOut } from './parse-manifests.js';
import { SecretNames } from './secret-names.js';
import type { SecretValue } from './secret-values.js';
import type { LeftOut, Origin, SourceObject } from './source-object.js';
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
  readonly ignoreDifferences?: AppHeader['ignoreDifferences'];
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
  /** Objects that no application can hold. */
  readonly refused: readonly LeftOut[];
  /** What checks find in it, were it alone: for a person to look at. */
  readonly findings: readonly string[];
}

/** What making an application needs from outside. */
export interface ImportTools {
  readonly trial: Trial;
  readonly format: Formatter;
}

/**
 * Makes an application of objects, with constructs where they make exactly the same, and proves it by synthesizing it. An object that no
 * application can hold is refused, and spoils no other.
 * @throws ConfigError `config/invalid` when nothing is left to import
 */
export async function importApp(request: ImportRequest, tools: ImportTools): Promise<ImportedApp> {
  const { namespace, objects } = request;
  const frame = { namespace, secrets: new SecretNames(objects) };
  const choices = await choosePieces(objects, frame, tools.trial);
  const draft = await draftApp(request, choices, tools);
  if (draft.problems.length === 0) {
    return finish(request, choices, draft, []);
  }
  const tried = await tryPieces(
    choices.map(({ piece }) => piece),
    frame,
    tools.trial,
  );
  const refused = tried.flatMap(({ piece, problems }) => (problems.length === 0 ? [] : refusalOf(piece, problems)));
  const kept = choices.filter((_, index) => tried[index]?.problems.length === 0);
  if (refused.length === 0 || kept.length === 0) {
    const reasons = [...draft.problems, ...refused.map(describeLeftOut)];
    throw new ConfigError('config/invalid', `application ${request.name} cannot be imported: ${reasons.join('; ')}`);
  }
  const others = kept.flatMap(({ piece }) => piece.objects);
  return finishWithout(request, { objects: others, choices: kept, refused }, tools);
}

async function finishWithout(
  request: ImportRequest,
  { objects, choices, refused }: Pick<ImportedApp, 'refused'> & Pick<ImportRequest, 'objects'> & Choices,
  tools: ImportTools,
): Promise<ImportedApp> {
  const rest = { ...request, objects };
  const draft = await draftApp(rest, choices, tools);
  if (draft.problems.length > 0) {
    throw new BugError(
      'bug/unreachable',
      `application ${request.name} would not make what it was made from: ${draft.problems.join('; ')}`,
    );
  }
  return finish(rest, choices, draft, refused);
}

interface Choices {
  readonly choices: readonly Choice[];
}

/** An application as it would be written, and what synthesizing it showed. */
interface Draft extends Pick<ImportedApp, 'files' | 'secrets'> {
  readonly pieces: readonly Piece[];
  readonly state: DesiredState;
  /** How it differs from what it was made from; empty when it does not. */
  readonly problems: readonly string[];
}

async function draftApp(
  request: ImportRequest,
  choices: readonly Choice[],
  { trial, format }: ImportTools,
): Promise<Draft> {
  const { name, namespace, objects } = request;
  const frame = { namespace, secrets: new SecretNames(objects) };
  const header: AppHeader = {
    namespace,
    sync: request.sync ?? 'auto',
    images: request.images ?? [],
    ignoreDifferences: request.ignoreDifferences ?? [],
    comment: request.comment ?? [],
  };
  const { pieces, code } = await arrangePieces(
    choices.map(({ piece }) => piece),
    frame,
    async (draft) => format(renderApp(header, draft)),
  );
  const files = [{ path: 'app.ts', text: code }, ...pieces.flatMap((piece) => piece.files)];
  const secrets = frame.secrets.valuesFor(name);
  const state = await trial(
    { [name]: files },
    secrets.map(({ key }) => key),
  );
  const problems = verifyApp(state, name, objects, frame.secrets.resolvedFor(name));
  return { pieces, files, secrets, state, problems };
}

function finish(
  { name, namespace, objects }: ImportRequest,
  choices: readonly Choice[],
  { pieces, files, secrets, state }: Draft,
  refused: readonly LeftOut[],
): ImportedApp {
  const findings = (checkState(state).findings ?? []).map(
    (finding) => `${finding.severity}: ${describeFinding(finding)}`,
  );
  return { name, namespace, files, objects: reportOf(objects, pieces, choices), secrets, refused, findings };
}

function refusalOf({ objects }: Piece, problems: readonly string[]): LeftOut[] {
  return objects.map(({ manifest, origin }) => ({
    origin,
    reason: `${manifest.kind} ${manifest.metadata.name} cannot be in an application: ${problems.join('; ')}`,
  }));
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
  return objects.map((object) => {
    const { manifest, origin, notes } = object;
    const key = keyOf(manifest);
    const construct = byObject.get(key)?.construct ?? '';
    const form = construct === 'ApiObject' ? 'plain' : construct === 'YamlFile' ? 'file' : 'construct';
    const why = `${reasons.get(key) ?? ''}${form === 'file' ? '; long, so in a file of its own' : ''}`;
    const files = byObject.get(key)?.files ?? [];
    return {
      object: refOf(manifest),
      source: origin,
      form,
      construct,
      why,
      notes: [...notes, ...notesOf(object, files)],
    };
  });
}

function notesOf({ encrypted }: SourceObject, files: readonly DataFile[]): string[] {
  const [file] = encrypted === undefined ? [] : files;
  return file === undefined ? [] : [`its values stay encrypted, in ${file.path}`];
}
