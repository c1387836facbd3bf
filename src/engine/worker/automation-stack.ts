import { hostname } from 'node:os';
import {
  LocalWorkspace,
  Stack,
  StackNotFoundError,
  type EngineEvent,
  type PulumiFn,
} from '@pulumi/pulumi/automation/index.js';
import { messageOf } from '../../base/errors.js';
import { processStart } from '../process-start.js';
import type { WorkerSettings } from '../protocol.js';
import { isHeldByTheDead } from '../stack-locks.js';

/**
 * What each run of the `pulumi` command gets. A checkpoint after every step made large updates quadratic; without them a killed update
 * loses its record, and the next one adopts what it finds. Update records of the daemon are pruned, so the extra backup is not written.
 */
const ENGINE_ENVIRONMENT = {
  PULUMI_SKIP_CHECKPOINTS: 'true',
  PULUMI_EXPERIMENTAL: '1',
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: 'true',
} as const;

/** Variables for the `pulumi` command; a promise while a provider is being started. */
export type EngineEnvironment = Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** One run of the engine. */
export interface EngineRun {
  readonly mode: 'update' | 'preview';
  readonly program: PulumiFn;
  /** Exact URNs; undefined for the whole stack. */
  readonly targets: readonly string[] | undefined;
  /** Exact URNs of resources that are replaced whether they changed or not. */
  readonly replace: readonly string[];
  readonly refresh: boolean;
  /** Added to the environment of this run. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
}

/** How a run ended. */
export type RunOutcome = { readonly ok: true } | { readonly ok: false; readonly text: string };

/** The Pulumi Automation API for one stack. */
export class AutomationStack {
  readonly #settings: WorkerSettings;
  readonly #environment: Promise<Readonly<Record<string, string>>>;
  readonly #isThere: () => Promise<boolean>;
  #stack: Promise<Stack> | undefined;

  /**
   * @param environment added to the process's environment in each run, such as where the provider is
   * @param isThere whether the stack is known to be there, so that the command need not be asked
   */
  constructor(settings: WorkerSettings, environment: EngineEnvironment, isThere: () => Promise<boolean>) {
    this.#settings = settings;
    this.#isThere = isThere;
    this.#environment = Promise.resolve(environment).then((added) => ({
      ...ENGINE_ENVIRONMENT,
      PULUMI_BACKEND_URL: settings.backendUrl,
      ...added,
    }));
  }

  /** Opens the stack, or creates it. Called ahead of a run it saves time; called again it does nothing. */
  async open(): Promise<Stack> {
    this.#stack ??= this.#openStack();
    try {
      return await this.#stack;
    } catch (error) {
      this.#stack = undefined;
      throw error;
    }
  }

  /** Runs an update or a preview. A failed command is an outcome, not an exception. A lock that a dead process of this host left is broken. */
  async run(run: EngineRun): Promise<RunOutcome> {
    const outcome = await this.#attempt(run);
    if (outcome.ok || !(await isHeldByTheDead(outcome.text, { hostname: hostname(), processStart }))) {
      return outcome;
    }
    await (await this.open()).cancel();
    return this.#attempt(run);
  }

  async #attempt(run: EngineRun): Promise<RunOutcome> {
    try {
      await this.#runOnce(run).catch((error: unknown) => {
        if (!(error instanceof StackNotFoundError)) {
          throw error;
        }
        this.#stack = undefined;
        return this.#runOnce(run);
      });
      return { ok: true };
    } catch (error) {
      return { ok: false, text: messageOf(error) };
    }
  }

  async #runOnce({ mode, program, targets, replace, refresh, environment, onEvent, signal }: EngineRun): Promise<void> {
    const stack = await this.open();
    signal.throwIfAborted();
    stack.workspace.envVars = { ...(await this.#environment), ...environment };
    const options = {
      program,
      color: 'never',
      suppressProgress: true,
      suppressOutputs: true,
      refresh,
      onEvent,
      signal,
      ...(targets === undefined ? {} : { target: [...targets] }),
      ...(replace.length > 0 && { replace: [...replace] }),
    } as const;
    await (mode === 'update' ? stack.up({ ...options, continueOnError: true }) : stack.preview(options));
  }

  /** The deployment as `pulumi stack export` gives it. */
  async export(): Promise<Awaited<ReturnType<Stack['exportStack']>>> {
    return (await this.open()).exportStack();
  }

  /** Replaces the deployment. */
  async import(deployment: Awaited<ReturnType<Stack['exportStack']>>): Promise<void> {
    await (await this.open()).importStack(deployment);
  }

  async #openStack(): Promise<Stack> {
    const { workDirectory, pulumiHome, stack } = this.#settings;
    const envVars = { ...(await this.#environment) };
    const workspace = await LocalWorkspace.create({ workDir: workDirectory, pulumiHome, envVars });
    if (await this.#isThere()) {
      /** Each command names the stack; selecting it first would only ask whether it is there, 0.3 s. */
      Object.assign(workspace, { selectStack: () => Promise.resolve() });
    }
    const opened = await Stack.createOrSelect(stack, workspace);
    return withoutAftermath(opened);
  }
}

/** After each update the SDK asks the command for outputs and history, 0.4 s each; the events have told all that is used. */
function withoutAftermath(stack: Stack): Stack {
  return Object.assign(stack, { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) });
}
