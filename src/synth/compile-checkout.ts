import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StalledError } from '../base/errors.js';
import { runBounded } from './bounded-process.js';
import { limitError } from './child-end.js';
import { appOfPath } from './child/repository-parts.js';
import type { SynthLimits } from './limits.js';

/** The child of a checkout, as a path in it. */
export const CHILD_SCRIPT = 'src/synth/child/main.ts';

/** What to compile. */
export interface CompileRun {
  /** The checkout's real path. */
  readonly directory: string;
  readonly apps: readonly string[];
  /** An empty folder. */
  readonly home: string;
  readonly limits: SynthLimits;
  readonly signal?: AbortSignal | undefined;
}

/** A checkout as JavaScript. */
export interface CompiledCheckout {
  /** Holds what was compiled, in the places of its sources. */
  readonly out: string;
  /** Modules of one application that another one imports, or may import. */
  readonly shared: readonly string[];
  /** Why applications cannot be run, by name: they, or what they import, do not compile. */
  readonly problems: Readonly<Record<string, string>>;
}

const resultSchema = z.object({
  imports: z.record(z.string(), z.array(z.string())),
  computed: z.array(z.string()),
  problems: z.record(z.string(), z.string()),
});

/**
 * Compiles a checkout's applications and all that they import, in a process of its own that runs nothing of it.
 * @throws StalledError `synth/limit`, `synth/threw`; CancelledError when the signal is aborted
 */
export async function compileCheckout(run: CompileRun): Promise<CompiledCheckout> {
  const out = join(run.home, 'compiled');
  await mkdir(out);
  const entries = [CHILD_SCRIPT, ...run.apps.map(entryOf)];
  const chunks: Buffer[] = [];
  const { code, noise } = await runBounded({
    command: [process.execPath, join(import.meta.dirname, 'compile-sources.mjs')],
    cwd: run.home,
    home: run.home,
    input: JSON.stringify({ root: run.directory, out, entries }),
    limits: run.limits,
    signal: run.signal,
    onResult: (chunk) => chunks.push(chunk),
    limitError: (kind) => limitError(kind, run.limits, undefined),
  });
  if (code !== 0) {
    const reason = noise.trim().split('\n').slice(-12).join('\n');
    throw new StalledError('synth/threw', `the commit's sources cannot be compiled (exit code ${code}):\n${reason}`);
  }
  const { imports, computed, problems } = resultSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  const problemOf = (entry: string): string | undefined => {
    const bad = reachableFrom(entry, imports).find((path) => problems[path] !== undefined);
    return bad === undefined ? undefined : problems[bad];
  };
  const ofChild = problemOf(CHILD_SCRIPT);
  if (ofChild !== undefined) {
    throw new StalledError('synth/threw', ofChild);
  }
  const ofApps = run.apps.map((app) => [app, problemOf(entryOf(app))] as const);
  const shared = sharedModules(imports, computed);
  return {
    out,
    shared,
    problems: Object.fromEntries(ofApps.flatMap(([app, problem]) => (problem ? [[app, problem]] : []))),
  };
}

function entryOf(app: string): string {
  return `apps/${app}/app.ts`;
}

/** What is imported across folders of applications. The child's own way of importing each application does not count. */
function sharedModules(imports: Readonly<Record<string, readonly string[]>>, computed: readonly string[]): string[] {
  const crossing = Object.entries(imports).flatMap(([from, targets]) =>
    targets.filter((to) => appOfPath(to) !== undefined && appOfPath(to) !== appOfPath(from)),
  );
  return [...crossing, ...computed.filter((path) => path !== CHILD_SCRIPT)];
}

/** A file and all that it imports. */
function reachableFrom(entry: string, imports: Readonly<Record<string, readonly string[]>>): string[] {
  const found = new Set([entry]);
  for (const path of found) {
    imports[path]?.forEach((target) => found.add(target));
  }
  return [...found];
}
