import { type Document, isCollection, LineCounter, parseAllDocuments, stringify, visit, type YAMLError } from 'yaml';
import { kubernetesTags } from './kubernetes-scalars.js';
import { indentQuotedLines } from './quoted-lines.js';

/** One document of a YAML text. */
export interface YamlDocument {
  readonly value: unknown;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

/** A document that can be read. */
export interface ReadDocument extends YamlDocument {
  /** Lines of keys that their map has already. The last one counts. */
  readonly repeated: readonly number[];
}

/** A document that cannot be read. */
export interface UnreadableDocument {
  /** The line of the first mistake, from 1. */
  readonly line: number;
  /** Holds nothing of the text. */
  readonly problem: string;
}

/** A YAML text that cannot be read. The message holds nothing of the text. */
export class YamlSyntaxError extends SyntaxError {
  override readonly name = 'YamlSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** More expansions of aliases than this are taken for an attack. */
const MAX_ALIASES = 100;
/** Each repair may uncover the next place. */
const MAX_REPAIRS = 8;
/** What is wrong with a document that {@link holdsRounded}. */
export const ROUNDED_PROBLEM = 'a number is too large to be kept exactly; quote it';
/** The bounds in schemas of custom resources are floating-point numbers to Kubernetes. */
const SCHEMA_BOUNDS = new Set(['minimum', 'maximum']);

/**
 * Reads YAML as Kubernetes does: version 1.1, so that `0644` is octal and `yes` is true, but with times as text. Empty documents are left out.
 * @throws YamlSyntaxError with the line
 */
export function parseKubernetesYaml(text: string): YamlDocument[] {
  return readKubernetesYaml(text).map((document) => {
    if ('problem' in document) {
      throw new YamlSyntaxError(document.problem, document.line);
    }
    const [line] = document.repeated;
    if (line !== undefined) {
      throw new YamlSyntaxError('a key is there twice in one map', line);
    }
    return { value: document.value, line: document.line };
  });
}

/** Reads YAML like {@link parseKubernetesYaml}, each document by itself: one that cannot be read spoils no other. */
export function readKubernetesYaml(text: string): (ReadDocument | UnreadableDocument)[] {
  let line = 1;
  return splitDocuments(text.replace(/^\uFEFF/, '')).flatMap((part) => {
    const first = line;
    line += part.split('\n').length - 1;
    return readPart(part, first);
  });
}

/** A marker is at the begin of a line, where no text of a document can be. What a directive is about cannot be taken from it. */
function splitDocuments(text: string): string[] {
  return /^%/m.test(text) ? [text] : text.split(/^(?=---(?:\s|$))/m);
}

function readPart(text: string, firstLine: number): (ReadDocument | UnreadableDocument)[] {
  const { documents, lines } = parseDocuments(text);
  const lineAt = (offset: number): number => firstLine + lines.linePos(offset).line - 1;
  return documents.flatMap((document): (ReadDocument | UnreadableDocument)[] => {
    const repeated = document.errors.filter(isRepetition);
    const [problem] = [...document.errors.filter((error) => !isRepetition(error)), ...document.warnings];
    if (problem !== undefined) {
      return [{ line: lineAt(problem.pos[0]), problem: describe(problem) }];
    }
    const line = lineAt(document.contents?.range?.[0] ?? 0);
    const read = valueOf(document);
    if ('problem' in read) {
      return [{ line, problem: read.problem }];
    }
    const { value } = read;
    return value === null || value === undefined
      ? []
      : [{ value, line, repeated: repeated.map(({ pos }) => lineAt(pos[0])) }];
  });
}

/** Writes a value as YAML that is read back the same, by {@link parseKubernetesYaml} and by Kubernetes. */
export function writeKubernetesYaml(value: unknown): string {
  return stringify(value, {
    lineWidth: 0,
    version: '1.1',
    aliasDuplicateObjects: false,
    customTags: kubernetesTags,
  });
}

function parseDocuments(text: string): { readonly documents: readonly Document[]; readonly lines: LineCounter } {
  let readable = text;
  for (let attempt = 0; ; attempt += 1) {
    const lines = new LineCounter();
    const documents = [...parseAllDocuments(readable, { ...OPTIONS, lineCounter: lines })];
    const repaired = indentQuotedLines(readable, documents);
    if (repaired === readable || attempt === MAX_REPAIRS) {
      return { documents, lines };
    }
    readable = repaired;
  }
}

const OPTIONS = { version: '1.1', merge: true, prettyErrors: false, customTags: kubernetesTags } as const;

function isRepetition({ code }: YAMLError): boolean {
  return code === 'DUPLICATE_KEY';
}

/** The library's messages may quote the text; its codes do not. */
function describe({ code }: YAMLError): string {
  return `not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
}

function valueOf(document: Document): { readonly value: unknown } | { readonly problem: string } {
  if (hasForeignKey(document)) {
    return { problem: 'a key is a map or a list' };
  }
  try {
    const value = document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
    return holdsRounded(value) ? { problem: ROUNDED_PROBLEM } : { value };
  } catch (error) {
    if (error instanceof ReferenceError) {
      return { problem: 'aliases are expanded too often or lead nowhere' };
    }
    if (error instanceof Error && error.message.startsWith('Merge sources')) {
      return { problem: 'what is merged (<<) is not a map' };
    }
    throw error;
  }
}

/** A template such as `{{ name }}` that is not quoted is a map with a map as its key. */
function hasForeignKey(document: Document): boolean {
  let found = false;
  visit(document, {
    Pair(_, { key }) {
      found ||= isCollection(key);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function isSchema(value: unknown): boolean {
  return value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'CustomResourceDefinition';
}

/** Whether a number in an object is not the one that is written. */
export function holdsRounded(value: unknown, inSchema = isSchema(value), key?: string): boolean {
  if (typeof value === 'number') {
    const mayRound = inSchema && key !== undefined && SCHEMA_BOUNDS.has(key);
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value) && !mayRound);
  }
  return (
    value !== null &&
    typeof value === 'object' &&
    Object.entries(value).some(([name, item]) => holdsRounded(item, inSchema, name))
  );
}
