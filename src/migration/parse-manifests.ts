import type { Manifest } from '../app/manifest.js';
import { ConfigError } from '../base/errors.js';
import { type ReadDocument, readKubernetesYaml, type UnreadableDocument } from '../constructs/kubernetes-yaml.js';
import { checkManifest } from './check-manifest.js';
import { cleanManifest } from './clean-manifest.js';
import { readJsonDocuments } from './json-documents.js';
import { fieldsOf, isFields } from './normal-fields.js';
import { secretTextsOf } from './secret-values.js';
import { encryptedSecretOf, isEncrypted, withStandIns } from './sops-file.js';
import { describeOrigin, type LeftOut, type Origin, type ReadObjects, type SourceObject } from './source-object.js';

/** One object of a document, or why it is none. */
type Outcome =
  | { readonly kind: 'object'; readonly object: SourceObject }
  | { readonly kind: 'skipped' | 'refused'; readonly leftOut: LeftOut };

/**
 * Reads the objects of a YAML or JSON text. Lists are taken apart; documents without `apiVersion` and `kind` are passed over. A document
 * that cannot be taken spoils no other.
 * @param file the file's name, for messages
 */
export function parseManifests(text: string, file: string): ReadObjects {
  const documents = documentsOf(text, file);
  const outcomes = documents.flatMap((document, index) => {
    const origin = { file, document: index + 1, line: document.line };
    if ('problem' in document) {
      return [unreadable(document.problem, origin, text)];
    }
    const notes = document.repeated.map(
      (line) => `the key on line ${line} is there twice in its map; the last one counts`,
    );
    return itemsOf(document.value).map((item) => readItem(item, { origin, notes, text, documents: documents.length }));
  });
  const leftOut = (kind: 'skipped' | 'refused'): LeftOut[] =>
    outcomes.flatMap((outcome) => (outcome.kind === kind ? [outcome.leftOut] : []));
  return {
    objects: outcomes.flatMap((outcome) => (outcome.kind === 'object' ? [outcome.object] : [])),
    skipped: leftOut('skipped'),
    refused: leftOut('refused'),
  };
}

function documentsOf(text: string, file: string): readonly (ReadDocument | UnreadableDocument)[] {
  return isJson(text, file) ? readJsonDocuments(text) : readKubernetesYaml(text);
}

/** Some tools write one JSON value after the other, also into files that are not named so. Between YAML's markers it is YAML. */
function isJson(text: string, file: string): boolean {
  const looksSo = file.endsWith('.json') ? /^\uFEFF?\s*\{/ : /^\uFEFF?\s*\{\s*"[^]*^\}\s*\{\s*"/m;
  return looksSo.test(text) && !/^---/m.test(text);
}

/** What has the look of an object is missed when it is not there; values of charts and other files are not. */
function unreadable(problem: string, origin: Origin, text: string): Outcome {
  const isTemplate = /\{\{[^}]*\}\}/.test(text);
  const reason = `${problem}${isTemplate ? '; it is a template ({{ ... }}): import what `helm template` prints' : ''}`;
  const isObject = /^["'{\s]*(apiVersion|kind)["']?\s*:/m.test(text);
  return { kind: isObject ? 'refused' : 'skipped', leftOut: { origin, reason } };
}

/** The objects of a `List`, which may hold lists; any other document is one item. */
function itemsOf(value: unknown): readonly unknown[] {
  if (
    !isFields(value) ||
    typeof value.kind !== 'string' ||
    !value.kind.endsWith('List') ||
    ('metadata' in value && isNamed(value.metadata))
  ) {
    return [value];
  }
  const { apiVersion, items } = value;
  if (items !== null && !Array.isArray(items)) {
    return [value];
  }
  const kind = value.kind.slice(0, -'List'.length);
  return (items ?? []).flatMap((item: unknown) =>
    isFields(item) && item.kind === undefined && kind !== '' ? [{ apiVersion, kind, ...item }] : itemsOf(item),
  );
}

function isNamed(metadata: unknown): boolean {
  return fieldsOf(metadata).name !== undefined;
}

/** Where an item was read, and what there is to say of its document. */
interface Context {
  readonly origin: Origin;
  readonly notes: readonly string[];
  readonly text: string;
  /** How many documents the text has. */
  readonly documents: number;
}

function readItem(value: unknown, context: Context): Outcome {
  const { origin } = context;
  const skip = (reason: string): Outcome => ({ kind: 'skipped', leftOut: { origin, reason } });
  if (!isFields(value) || (value.apiVersion === undefined && value.kind === undefined)) {
    return skip('not a Kubernetes object: it has neither apiVersion nor kind');
  }
  if (value.metadata === undefined && value.spec === undefined) {
    return skip(`${String(value.kind)} is no object of a cluster: it has no metadata`);
  }
  const { manifest, problems } = checkManifest(value);
  if (manifest === undefined) {
    return { kind: 'refused', leftOut: { origin, reason: problems.join('; ') } };
  }
  const owners = manifest.metadata.ownerReferences;
  if (Array.isArray(owners) && owners.length > 0) {
    return skip(`${manifest.kind} ${manifest.metadata.name} belongs to a controller, which makes it (ownerReferences)`);
  }
  return objectOf(manifest, context);
}

function objectOf(manifest: Manifest, { origin, notes, text, documents }: Context): Outcome {
  const encrypted = isEncrypted(manifest) ? encryptedSecretOf(manifest, origin.file, text, documents) : undefined;
  const { manifest: cleaned, dropped } = cleanManifest(encrypted === undefined ? manifest : withStandIns(manifest));
  const live = dropped.length === 0 ? [] : [`left out what the API server writes: ${dropped.join(', ')}`];
  try {
    if (manifest.apiVersion === 'v1' && manifest.kind === 'Secret') {
      secretTextsOf(cleaned, `Secret ${manifest.metadata.name}`);
    }
  } catch (error) {
    if (error instanceof ConfigError) {
      return { kind: 'refused', leftOut: { origin, reason: error.message } };
    }
    throw error;
  }
  const object = {
    manifest: cleaned,
    origin,
    notes: [...notes, ...live],
    ...(encrypted === undefined ? {} : { encrypted }),
  };
  return { kind: 'object', object };
}

/** Places and reasons as people read them. */
export function describeLeftOut({ origin, reason }: LeftOut): string {
  return `${describeOrigin(origin)}: ${reason}`;
}
