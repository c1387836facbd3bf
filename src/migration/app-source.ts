import type { IgnoreRule } from '../app/ignore-differences.js';
import type { SyncPolicyProps } from '../app/sync-policy.js';
import type { Expression } from './code.js';
import { type CodeValue, renderCode } from './code.js';
import { type Piece, withIds } from './piece.js';
import { filled } from './recognize/values.js';

/** A call such as `newestBuild('image')`. */
export interface ImageCode {
  /** The function of `src/app`. */
  readonly factory: string;
  readonly expression: Expression;
}

/** What an application's file says before its objects. */
export interface AppHeader {
  readonly namespace: string;
  readonly sync: SyncPolicyProps;
  readonly images: readonly ImageCode[];
  /** Fields that others may write. @default - none */
  readonly ignoreDifferences?: readonly IgnoreRule[];
  /** Lines of the comment above the application. */
  readonly comment: readonly string[];
}

/** Takes TypeScript and lays it out; throws when it is not TypeScript. */
export type Formatter = (code: string) => Promise<string>;

/** The text of an `apps/<name>/app.ts`, not yet laid out. */
export function renderApp(header: AppHeader, pieces: readonly Piece[]): string {
  const statements = withIds(pieces).map(
    ({ id, piece }) => `new ${piece.construct}(scope, ${renderCode(id)}, ${renderCode(piece.props)});`,
  );
  const body = statements.join('\n');
  const parameters = parametersOf(body);
  const policy: CodeValue = {
    namespace: header.namespace,
    sync: header.sync as CodeValue,
    ignoreDifferences: filled(header.ignoreDifferences ?? []) as CodeValue,
    images: filled(header.images.map(({ expression }) => expression)),
  };
  const fields = renderCode(policy).slice(1, -1);
  return [
    importLine('../../src/app/index.js', ['defineApp', ...header.images.map(({ factory }) => factory)]),
    importLine(
      '../../src/constructs/index.js',
      pieces.flatMap(({ construct, uses }) => [construct, ...uses]),
    ),
    '',
    ...commentOf(header.comment),
    `export const app = defineApp({\n${fields},\nbuild(${parameters}) {\n${body}\n},\n});`,
    '',
  ].join('\n');
}

function importLine(from: string, names: readonly string[]): string {
  const sorted = [...new Set(names)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return sorted.length === 0 ? '' : `import { ${sorted.join(', ')} } from '${from}';`;
}

function commentOf(lines: readonly string[]): string[] {
  const safe = lines.map((line) => line.replaceAll('*/', '* /'));
  if (safe.length < 2) {
    return safe.map((line) => `/** ${line} */`);
  }
  return ['/**', ...safe.map((line) => ` * ${line}`), ' */'];
}

/** Only the parameters that the body needs. */
function parametersOf(body: string): string {
  if (body === '') {
    return '';
  }
  return /\bcontext\.((secret|setting|sops)\(|namespace\b)/.test(body) ? 'scope, context' : 'scope';
}
