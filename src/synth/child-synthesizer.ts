import { access, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesiredState } from '../app/desired-state.js';
import { StalledError } from '../base/errors.js';
import { type Logger, silentLogger } from '../base/logger.js';
import { redact } from '../base/redact.js';
import { assembleState } from './assemble.js';
import { BuiltApps, tellsSeparateApps } from './built-apps.js';
import { CachedSynthesizer } from './cached-synthesizer.js';
import { CheckedSynthesizer } from './checked-synthesizer.js';
import { Dependencies } from './dependencies.js';
import { CHILD_SCRIPT } from './compile-checkout.js';
import type { SynthAllowance } from './confinement.js';
import { discoverApps } from './discover.js';
import { attachEncryptedFiles } from './encrypted-files.js';
import { DEFAULT_LIMITS, type SynthLimits } from './limits.js';
import { missingConfigError } from './missing-config.js';
import type { SynthRequest, Synthesizer } from './port.js';
import { runApplications } from './run-applications.js';
import type { ChildMessage } from './schema.js';

/** Options of {@link createSynthesizer}. */
export interface SynthesizerOptions extends Partial<SynthLimits> {
  /** Where dependencies of revisions with another lock file are installed. */
  readonly cacheDirectory: string;
  /** A folder of its own that remembers what each commit wants. @default - commits are synthesized each time */
  readonly revisionsDirectory?: string;
  /** Whether mistakes that checks find refuse applications. Trials of single objects go without. @default true */
  readonly checked?: boolean;
  /** @default silent */
  readonly logger?: Logger;
  /** Which missing stack-config values are stood in for, instead of failing. The result cannot be deployed then. @default none */
  readonly allowMissing?: 'none' | 'secrets' | 'all';
  /** The application whose missing values count; those of others are stood in for. @default - all of them count */
  readonly neededBy?: string;
  /** What applications may do beside reading the checkout. @default - nothing */
  readonly allow?: readonly SynthAllowance[];
  /** @default - the folder of the running program */
  readonly programDirectory?: string;
}

/** A synthesizer that runs each revision's `apps/` in a process of its own, and checks what they want. */
export function createSynthesizer(options: SynthesizerOptions): Synthesizer {
  const { revisionsDirectory, checked = true } = options;
  const child = new ChildSynthesizer(options);
  const remembering = revisionsDirectory === undefined ? child : new CachedSynthesizer(child, revisionsDirectory);
  return checked ? new CheckedSynthesizer(remembering) : remembering;
}

class ChildSynthesizer implements Synthesizer {
  readonly #limits: SynthLimits;
  readonly #dependencies: Dependencies;
  readonly #logger: Logger;
  readonly #allowMissing: 'none' | 'secrets' | 'all';
  readonly #neededBy: string | undefined;
  readonly #built = new BuiltApps();
  readonly #allow: ReadonlySet<SynthAllowance>;

  constructor(options: SynthesizerOptions) {
    const { cacheDirectory, logger = silentLogger, allowMissing = 'none', ...rest } = options;
    const { programDirectory = join(import.meta.dirname, '..', '..') } = rest;
    this.#limits = {
      timeoutMs: rest.timeoutMs ?? DEFAULT_LIMITS.timeoutMs,
      memoryMiB: rest.memoryMiB ?? DEFAULT_LIMITS.memoryMiB,
      outputBytes: rest.outputBytes ?? DEFAULT_LIMITS.outputBytes,
    };
    this.#dependencies = new Dependencies({ programDirectory, cacheDirectory, logger });
    this.#logger = logger;
    this.#allowMissing = allowMissing;
    this.#neededBy = options.neededBy;
    this.#allow = new Set(rest.allow);
  }

  async synthesize(request: SynthRequest): Promise<DesiredState> {
    const directory = await realpath(request.directory);
    const discovery = await discoverApps(directory);
    const messages = discovery.apps.length === 0 ? [] : await this.#messagesOf(directory, discovery.apps, request);
    const missing = messages.filter((message) => message.type === 'missing').filter((one) => this.#isNeeded(one));
    if (missing.length > 0) {
      throw missingConfigError(missing);
    }
    const state = assembleState(messages, discovery, { revision: request.revision, directory });
    return attachEncryptedFiles(state, directory);
  }

  /** Runs the applications that changed since the last time, and the others again only if some read what belongs to another. */
  async #messagesOf(
    directory: string,
    apps: readonly string[],
    request: SynthRequest,
  ): Promise<readonly ChildMessage[]> {
    const kept = this.#built.find(apps, request);
    const changed = apps.filter((app) => !kept.has(app));
    const messages = changed.length === 0 ? [] : await this.#run(directory, changed, request);
    if (kept.size > 0 && changed.length > 0 && !tellsSeparateApps(messages)) {
      this.#built.clear();
      return this.#messagesOf(directory, apps, request);
    }
    this.#built.keep(apps, request, messages);
    return inOrder(apps, [...[...kept.values()].flat(), ...messages]);
  }

  async #run(directory: string, apps: readonly string[], request: SynthRequest): Promise<readonly ChildMessage[]> {
    await requireChild(directory, request.revision);
    await this.#dependencies.provide(directory);
    const home = await mkdtemp(join(tmpdir(), 'prodesk-synth-'));
    const { settings, secretKeys } = request.settings;
    try {
      const { messages, noise } = await runApplications({
        directory,
        home,
        request: {
          protocol: 1,
          apps,
          settings,
          secretKeys,
          tellReach: request.objectIds !== undefined,
          validate: true,
        },
        limits: this.#limits,
        allow: this.#allow,
        signal: request.signal,
      });
      if (noise !== '') {
        this.#logger.debug('applications printed during synthesis', { output: redact(noise) });
      }
      return messages;
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }

  #isNeeded({ kind, app }: { readonly kind: 'setting' | 'secret'; readonly app: string }): boolean {
    if (this.#neededBy !== undefined && this.#neededBy !== app) {
      return false;
    }
    return this.#allowMissing === 'none' || (this.#allowMissing === 'secrets' && kind === 'setting');
  }
}

/** By application, so that what two applications want goes to the same one whichever of them was run anew. */
function inOrder(apps: readonly string[], messages: readonly ChildMessage[]): ChildMessage[] {
  const positions = new Map(apps.map((app, position) => [app, position]));
  const position = (message: ChildMessage): number => ('app' in message ? (positions.get(message.app) ?? -1) : -1);
  return [...messages].sort((a, b) => position(a) - position(b));
}

async function requireChild(directory: string, revision: string): Promise<void> {
  try {
    await access(join(directory, CHILD_SCRIPT));
  } catch (error) {
    const message = `revision ${revision} has apps/ but no ${CHILD_SCRIPT}; it cannot be synthesized`;
    throw new StalledError('synth/threw', message, { cause: error });
  }
}
