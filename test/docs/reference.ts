import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import ts from 'typescript';
import manifest from '../../package.json' with { type: 'json' };
import { readCookbook } from './recipes.js';

const ROOT = join(import.meta.dirname, '../..');

/** What an `index.ts` exports: a name, and where it is declared. */
interface Exported {
  readonly name: string;
  readonly node: ts.Node;
  readonly source: ts.SourceFile;
}

/** The reference of all constructs and of `defineApp`, as Markdown, made from types and their comments. */
export async function renderReference(): Promise<string> {
  const constructs = exportsOf('src/constructs/index.ts');
  const apps = exportsOf('src/app/index.ts');
  const classes = constructs.filter(({ node }) => ts.isClassDeclaration(node));
  const functions = constructs.filter(({ node }) => ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node));
  const types = constructs.filter(({ node }) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));
  const text = [
    INTRODUCTION,
    `All: ${classes.map(({ name }) => link(name)).join(', ')}.`,
    '## Constructs',
    ...classes.map(renderClass),
    '## Functions',
    ...functions.map(renderFunction),
    '## Types',
    ...types.map(renderType),
    '## Applications',
    ...apps.map((one) => (ts.isFunctionDeclaration(one.node) ? renderFunction(one) : renderType(one))),
  ].join('\n\n');
  const headings = new Set([...text.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name.toLowerCase()));
  const linked = text.replaceAll(/\[([\w.]+)\]\(#(\w+)\)/g, (whole, name: string, anchor: string) =>
    headings.has(anchor) ? whole : `\`${name}\``,
  );
  return format(linked, { ...(manifest.prettier as object), parser: 'markdown' });
}

/** What a recipe shows only as part of another construct, or which is no construct to begin with. */
const WITHOUT_RECIPE = new Set(['Deployment', 'HelmChartConfig', 'KubeObject', 'Volume', 'YamlFile']);

/** Constructs of which no recipe of the cookbook shows how they are used. */
export function withoutRecipe(): string[] {
  return exportsOf('src/constructs/index.ts')
    .filter(
      ({ name, node }) => ts.isClassDeclaration(node) && !WITHOUT_RECIPE.has(name) && exampleOf(name) === undefined,
    )
    .map(({ name }) => name);
}

const INTRODUCTION = `# Constructs

Every construct with its properties, what they are when they are left out, and a recipe that uses it. Made from the sources, and tested against them;
\`PRODESK_UPDATE_GOLDEN=1 npx vitest run --project unit test/docs/reference.test.ts\` writes it anew.

- Nothing is in an object that was not asked for. Where a construct writes a field by itself (such as \`type: ClusterIP\`), \`null\` leaves it out.
- \`labels\`, \`annotations\` and \`namespace\` are those of the object; \`podLabels\` and \`podAnnotations\` those of its pods.
- \`app\` is the label \`app\` of pods, or any labels: \`app: { 'app.kubernetes.io/name': 'shop' }\`; \`selector\` of a workload says which.
- Where an object is named, its construct can stand for its name.
- Some names differ from YAML's: \`env\` and \`envFrom\` are \`environment\`, \`httpGet.path\` is \`httpPath\`, \`volumes\` and \`volumeMounts\` are \`mounts\`, the
  \`securityContext\` of a container is \`security\` and that of a pod \`podSecurity\`, \`imagePullSecrets\` are \`pullSecrets\`, \`stringData\` of a Secret is \`values\`.
- What no property says, [\`patch\`](cookbook.md#one-field-more) says, and [\`ApiObject\`](cookbook.md#any-object) makes objects of every other kind.`;

function renderClass(exported: Exported): string {
  const { name, node, source } = exported;
  const declaration = node as ts.ClassDeclaration;
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  const isPrivate = constructor?.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false;
  const statics = declaration.members
    .filter(ts.isMethodDeclaration)
    .filter((method) => method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
    .map((method) => `- \`${name}.${signatureOf(method, source)}\`: ${oneLine(commentOf(method, source))}`);
  const props = constructor?.parameters[2]?.type?.getText(source).replace(/<.*$/s, '');
  const example = exampleOf(name);
  return [
    `### ${name}`,
    commentOf(node, source),
    isPrivate
      ? ''
      : `\`new ${name}(scope, id, props)\`, with ${props === undefined ? 'nothing' : link(props)}.${example ?? ''}`,
    statics.join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function exampleOf(name: string): string | undefined {
  const recipe = readCookbook().find(({ code }) => new RegExp(`new ${name}[(<]`).test(code));
  return recipe && ` Recipe: [${recipe.title}](cookbook.md#${anchorOf(recipe.title)}).`;
}

function renderFunction({ name, node, source }: Exported): string {
  const code = ts.isFunctionDeclaration(node) ? signatureOf(node, source) : name;
  return `### ${name}\n\n${commentOf(commented(node), source)}\n\n\`${code}\``;
}

function renderType({ name, node, source }: Exported): string {
  const heading = `### ${name}\n\n${commentOf(node, source)}`;
  if (ts.isTypeAliasDeclaration(node)) {
    return `${heading}\n\n\`${typeText(node.type, source)}\``;
  }
  const declaration = node as ts.InterfaceDeclaration;
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.map((one) => inheritedText(one, source)),
  );
  const also = inherited.length === 0 ? '' : `\n\nAlso the properties of ${inherited.join(', ')}.`;
  return `${heading}${also}\n\n${declaration.members.map((member) => renderMember(member, source)).join('\n')}`;
}

function inheritedText(type: ts.ExpressionWithTypeArguments, source: ts.SourceFile): string {
  const text = type.getText(source).replaceAll(/\s+/g, ' ');
  const base = /^(?:Omit|Pick)<\s*(\w+)/.exec(text)?.[1] ?? text;
  const rest = text.startsWith('Omit') || text.startsWith('Pick') ? ` (\`${text}\`)` : '';
  return `${link(base)}${rest}`;
}

function renderMember(member: ts.TypeElement, source: ts.SourceFile): string {
  const whole = commentOf(member, source);
  const [meaning = '', standard] = whole.split(/\s*@default\s+/);
  const optional = member.questionToken !== undefined;
  const type =
    !ts.isMethodSignature(member) && 'type' in member && member.type !== undefined
      ? typeText(member.type as ts.TypeNode, source)
      : signatureOf(member, source);
  const name = ts.isIndexSignatureDeclaration(member) ? '[name]' : (member.name?.getText(source) ?? '');
  const parts = [meaning, standard === undefined ? '' : `Default: ${standard.replace(/^- /, '')}.`].filter(
    (part) => part !== '',
  );
  return oneLine(`- \`${name}\`${optional ? '' : ' (needed)'} \`${type}\` ${parts.join(' ')}`.trimEnd());
}

function signatureOf(node: ts.Node, source: ts.SourceFile): string {
  const { parameters, name, type } = node as ts.MethodDeclaration;
  const given = parameters
    .map((parameter) => oneLine(parameter.getText(source)).replaceAll('readonly ', ''))
    .join(', ');
  return `${name.getText(source)}(${given})${type === undefined ? '' : `: ${typeText(type, source)}`}`;
}

function typeText(type: ts.TypeNode, source: ts.SourceFile): string {
  const printed = ts.createPrinter({ removeComments: true }).printNode(ts.EmitHint.Unspecified, type, source);
  return oneLine(printed).replaceAll('readonly ', '').replace(/^\| /, '');
}

/** The words of the last comment before a declaration. */
function commentOf(node: ts.Node, source: ts.SourceFile): string {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const last = ranges.at(-1);
  if (last === undefined) {
    return '';
  }
  return source.text
    .slice(last.pos + 3, last.end - 2)
    .replaceAll(/^[ \t]*\* ?/gm, '')
    .replaceAll(/\{@link ([^}]+)\}/g, (_, name: string) => link(name))
    .replaceAll(/^@(?:param|throws|see) ?/gm, '- ')
    .trim();
}

function commented(node: ts.Node): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function link(name: string): string {
  const [first = name] = name.split('.');
  return `[${name}](#${first.toLowerCase()})`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

/** What a module exports, in the order of its text; through others that only pass it on. */
function exportsOf(path: string): Exported[] {
  const file = join(ROOT, path);
  return parse(file)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, moduleSpecifier }) => {
      const from = join(dirname(file), (moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts'));
      const names = (exportClause as ts.NamedExports).elements.map(({ name }) => name.text);
      return names.map((name) => declarationOf(name, from));
    });
}

function declarationOf(name: string, file: string): Exported {
  const source = parse(file);
  for (const statement of source.statements) {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      statement.moduleSpecifier !== undefined
    ) {
      const passed = (statement.exportClause as ts.NamedExports).elements.some((element) => element.name.text === name);
      const { text } = statement.moduleSpecifier as ts.StringLiteral;
      if (passed) {
        return declarationOf(name, join(dirname(file), text.replace(/\.js$/, '.ts')));
      }
    }
    const declarations = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    const node = declarations.find((one) => (one as ts.DeclarationStatement).name?.getText(source) === name);
    if (node !== undefined) {
      return { name, node, source };
    }
  }
  throw new Error(`${file} does not declare ${name}`);
}

const parsed = new Map<string, ts.SourceFile>();

function parse(file: string): ts.SourceFile {
  const known = parsed.get(file);
  const source = known ?? ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}
