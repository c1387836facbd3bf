import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StalledError } from '../base/errors.js';
import { runBounded } from './bounded-process.js';
import { diagnoseChild, limitError } from './child-end.js';
import type { ChildRequest } from './child/request.js';
import { CHILD_SCRIPT } from './compile-checkout.js';
import { confiningFlags, namespacePrefix, type SynthAllowance } from './confinement.js';
import { heapMiBOf, type SynthLimits } from './limits.js';
import { escapePattern } from './locate.js';
import { MessageLines } from './message-lines.js';
import type { ChildMessage } from './schema.js';

/** How to run one child. */
export interface ChildRun {
  /** The checkout's real path. */
  readonly directory: string;
  /** The checkout's real `node_modules`. */
  readonly modules: string;
  /** Holds the checkout compiled to JavaScript. */
  readonly compiled: string;
  /** An empty folder: its home and its place for temporary files. */
  readonly home: string;
  readonly request: Omit<ChildRequest, 'modules'>;
  readonly limits: SynthLimits;
  readonly allow: ReadonlySet<SynthAllowance>;
  readonly signal?: AbortSignal | undefined;
}

/** What a child has said until its end. */
export interface ChildResult {
  readonly messages: readonly ChildMessage[];
  /** The end of what applications printed. */
  readonly noise: string;
  /** The application that brought the child down, and how. @default - it came to its end */
  readonly culprit?: { readonly app: string; readonly error: StalledError };
}

/**
 * Runs the checkout's own child, without credentials, confined to reading the checkout, and within limits.
 * @throws StalledError `synth/limit`, `synth/threw` when it ended beside any application; CancelledError when the signal is aborted
 */
export async function runChild(run: ChildRun): Promise<ChildResult> {
  const lines = new MessageLines();
  const { noise, failure } = await runToEnd(run, lines);
  const app = lines.building;
  if (failure !== undefined && (app === undefined || lines.problem !== undefined)) {
    throw failure;
  }
  return {
    messages: lines.messages.map((message) => withSourcePaths(message, run)),
    noise,
    ...(failure !== undefined && app !== undefined && { culprit: { app, error: failure } }),
  };
}

async function runToEnd(
  run: ChildRun,
  lines: MessageLines,
): Promise<{ readonly noise: string; readonly failure?: StalledError | undefined }> {
  const { directory, home, compiled, limits, request } = run;
  const modules = request.apps.map((app) => [app, join(compiled, 'apps', app, 'app.js')]);
  try {
    const end = await runBounded({
      command: await commandOf(run),
      cwd: directory,
      home,
      input: JSON.stringify({ ...request, modules: Object.fromEntries(modules) as ChildRequest['modules'] }),
      limits,
      signal: run.signal,
      onResult: (chunk) => lines.add(chunk),
      limitError: (kind) => limitError(kind, limits, lines.building),
    });
    const noise = sourcePaths(end.noise, run);
    return { noise, failure: diagnoseChild({ ...end, noise, lines, run }) };
  } catch (error) {
    if (error instanceof StalledError) {
      return { noise: '', failure: error };
    }
    throw error;
  }
}

async function commandOf(run: ChildRun): Promise<[string, ...string[]]> {
  const { directory, modules, compiled, home, limits, allow } = run;
  const prefix = allow.has('network') ? [] : await namespacePrefix();
  const [program, ...rest] = [
    ...prefix,
    process.execPath,
    `--max-old-space-size=${heapMiBOf(limits)}`,
    '--enable-source-maps',
    ...confiningFlags({ readable: [directory, modules, compiled], home, allow }),
    join(compiled, CHILD_SCRIPT.replace(/\.ts$/, '.js')),
  ];
  return [program ?? process.execPath, ...rest];
}

function withSourcePaths(message: ChildMessage, run: ChildRun): ChildMessage {
  return message.type === 'failed'
    ? { ...message, message: explained(sourcePaths(message.message, run)), stack: sourcePaths(message.stack, run) }
    : message;
}

/** What Node.js says when it refuses something tells to change its own switches, which an application cannot. */
function explained(message: string): string {
  return message.replace(
    /^Access to this API has been restricted.*/s,
    'an application may only read the files of its checkout: no other file, no program, no thread, no native code; ' +
      "the daemon's setting synthAllow can permit more",
  );
}

/** The text with paths of what was compiled as those of their sources. */
function sourcePaths(text: string, { directory, compiled }: Pick<ChildRun, 'directory' | 'compiled'>): string {
  const places = new RegExp(`${escapePattern(compiled)}/([^\\s:'")]+)`, 'g');
  return text.replace(places, (_, path: string) => {
    const source = path.replace(/\.js$/, '.ts');
    return join(directory, existsSync(join(directory, source)) ? source : path);
  });
}
