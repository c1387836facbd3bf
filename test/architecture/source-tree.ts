import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One import, export-from, `import()` or `import('x').T` of a module. */
export interface SourceImport {
  /** As written. */
  readonly specifier: string;
  /** The module's path from the repository root where it is a file, such as `src/base/errors.ts`. */
  readonly target?: string;
  /** Whether nothing is left of it at run time. */
  readonly isTypeOnly: boolean;
}

/** What the rules need to know of one source file. */
export interface SourceModule {
  /** From the repository root, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly SourceImport[];
  readonly hasDefaultExport: boolean;
  /** Names that the code refers to or calls, and `async`: `Date`, `Math.random`, `process.env`. */
  readonly uses: ReadonlySet<string>;
}

/** Reads all modules below the given folders of the repository. */
export function readSourceTree(root: string, folders: readonly string[]): SourceModule[] {
  const texts = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
      .filter((path) => /\.(ts|js|mjs)$/.test(path))
      .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]),
  );
  return parseSourceTree(Object.fromEntries(texts));
}

/** The modules of a tree that is given as text by path. */
export function parseSourceTree(texts: Readonly<Record<string, string>>): SourceModule[] {
  return Object.entries(texts).map(([path, text]) => parseModule(path, text, (file) => file in texts));
}

function parseModule(path: string, text: string, exists: (path: string) => boolean): SourceModule {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const imports: SourceImport[] = [];
  const uses = new Set<string>();
  let hasDefaultExport = false;
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) {
      imports.push(resolveImport(path, found, exists));
    }
    hasDefaultExport ||= isDefaultExport(node);
    nameOf(node).forEach((name) => uses.add(name));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { path, lines: text.replace(/\n$/, '').split('\n').length, imports, hasDefaultExport, uses };
}

type WrittenImport = Pick<SourceImport, 'specifier' | 'isTypeOnly'>;

function importOf(node: ts.Node): WrittenImport | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: isTypeOnlyClause(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument !== undefined && ts.isStringLiteralLike(argument)
      ? { specifier: argument.text, isTypeOnly: false }
      : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, isTypeOnly: true };
  }
  return undefined;
}

function isTypeOnlyClause(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) {
    return clause !== undefined;
  }
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function resolveImport(from: string, found: WrittenImport, exists: (path: string) => boolean): SourceImport {
  if (!found.specifier.startsWith('.')) {
    return found;
  }
  const path = posix.join(posix.dirname(from), found.specifier);
  const asTypeScript = path.replace(/\.js$/, '.ts');
  return { ...found, target: exists(path) ? path : asTypeScript };
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) {
    return true;
  }
  if (ts.isExportSpecifier(node)) {
    return node.name.text === 'default';
  }
  return ts.canHaveModifiers(node) && hasModifier(node, ts.SyntaxKind.DefaultKeyword);
}

function nameOf(node: ts.Node): string[] {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return [`${node.expression.text}.${node.name.text}`];
  }
  if (ts.isIdentifier(node)) {
    return [node.text];
  }
  return ts.canHaveModifiers(node) && hasModifier(node, ts.SyntaxKind.AsyncKeyword) ? ['async'] : [];
}

function hasModifier(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) === true;
}
