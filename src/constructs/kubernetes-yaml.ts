import { LineCounter, parseAllDocuments, type Tags, type YAMLError } from 'yaml';

/** One document of a YAML text. */
export interface YamlDocument {
  readonly value: unknown;
  /** The line on which it begins, from 1. */
  readonly line: number;
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
/** What YAML 1.1 has and Kubernetes has not: times and base 60. */
const FOREIGN_TAGS = new Set(['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:binary', 'tag:yaml.org,2002:set']);

/**
 * Reads YAML as Kubernetes does: version 1.1, so that `0644` is octal and `yes` is true, but with times as text. Empty documents are left out.
 * @throws YamlSyntaxError with the line
 */
export function parseKubernetesYaml(text: string): YamlDocument[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    version: '1.1',
    merge: true,
    lineCounter,
    prettyErrors: false,
    customTags: (tags) => tags.filter(isKubernetesTag),
  });
  return [...documents].flatMap((document) => {
    const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) {
      throw new YamlSyntaxError(describe(problem), lineAt(problem.pos[0]));
    }
    const line = lineAt(document.contents?.range?.[0] ?? 0);
    const value = plainValue(() => document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, line);
    return value === null || value === undefined ? [] : [{ value, line }];
  });
}

function isKubernetesTag(tag: Tags[number]): boolean {
  return typeof tag === 'string' || !(FOREIGN_TAGS.has(tag.tag) || ('format' in tag && tag.format === 'TIME'));
}

/** The library's messages may quote the text; its codes do not. */
function describe({ code }: YAMLError): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return code === 'DUPLICATE_KEY' ? 'a key is there twice in one map' : `not valid YAML (${words})`;
}

function plainValue(read: () => unknown, line: number): unknown {
  try {
    const value = read();
    checkNumbers(value);
    return value;
  } catch (error) {
    if (error instanceof ReferenceError) {
      throw new YamlSyntaxError('aliases are expanded too often or lead nowhere', line);
    }
    if (error instanceof RangeError) {
      throw new YamlSyntaxError(error.message, line);
    }
    throw error;
  }
}

function checkNumbers(value: unknown): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new RangeError('a number is too large to be kept exactly; quote it');
    }
  } else if (value !== null && typeof value === 'object') {
    Object.values(value).forEach(checkNumbers);
  }
}
