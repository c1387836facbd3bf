import { deployedObjects } from '../app/deployed-objects.js';
import type { DesiredApp } from '../app/desired-state.js';
import { objectsOf } from '../app/image-overrides.js';
import { assertNever, messageOf } from '../base/errors.js';
import type { Effect } from './core/effects.js';
import { inForceOf } from './core/in-force.js';
import type { EventBody } from './core/events.js';
import type { DriverSettings, DriverState } from './core/state.js';
import { initialState } from './core/state.js';
import { comparedWith } from './core/compared-with.js';
import { listBuilds } from './effects/list-builds.js';
import { pollGit } from './effects/poll-git.js';
import { runEngine } from './effects/run-engine.js';
import { createRecaller } from './effects/recall.js';
import { createRevisionTaker } from './effects/synthesize.js';
import type { Loop } from './loop.js';
import { createLoop } from './loop.js';
import { readMemory, rememberedOf, remembersOtherwise, writeMemory } from './memory.js';
import type { DriverPorts } from './ports.js';

/** What a daemon is made of. */
export interface DaemonOptions {
  readonly ports: DriverPorts;
  readonly settings: DriverSettings;
  /** The Pulumi stack's name. */
  readonly stack: string;
  /** The file that a restart reads. */
  readonly memoryFile: string;
  /** Keys the hashes of secret values. */
  readonly digestKey: string;
  /** Namespaces whose pull secrets applications of other namespaces may use, too. */
  readonly pullSecretNamespaces: readonly string[];
}

/** A running daemon. */
export interface Daemon {
  readonly loop: Loop;
  /** Lets running effects end for at most `graceMs`, then aborts them; idempotent. */
  stop(graceMs: number): Promise<void>;
}

const MEMORY_DELAY_MS = 500;
const MEMORY_RETRY_MS = 10_000;

/** Makes the stack usable, brings back what is remembered, and starts to reconcile. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { ports, settings, memoryFile } = options;
  const { engine, workspace, observer, registry, clock, steady, logger, random } = ports;
  const abort = new AbortController();
  const performOnPorts = createPerformer(options, abort.signal);
  const memory = createMemoryKeeper(options);
  const reportConnection = (): void => {
    const { reachable } = observer.connection();
    if (reachable !== loop.state().clusterReachable) {
      loop.dispatch({ type: 'clusterSeen', reachable });
    }
  };
  const loop: Loop = createLoop({
    initial: initialState(settings),
    clock,
    ...(steady && { steady }),
    random,
    logger,
    perform(effect, state) {
      if (effect.type === 'pollGit' && observer.connection().reachable) {
        reportConnection();
      }
      return performOnPorts(effect, state);
    },
    onDecided: memory.onDecided,
  });
  const remembered = await readMemory(memoryFile);
  if (remembered.damaged !== undefined) {
    logger.warn('what was remembered last cannot be read; starting from what was before, and from the stack', {
      reason: remembered.damaged,
    });
  }
  await engine.recover({ signal: abort.signal });
  const [overrides, outputs] = [await workspace.overrides(), await engine.outputs({ signal: abort.signal })];
  await observer.start((app) => {
    reportConnection();
    loop.dispatch({ type: 'observed', app, observation: observer.observe(app), fresh: false });
  });
  loop.dispatch({ type: 'started', remembered: remembered.memory, overrides, outputs });

  let stopping: Promise<void> | undefined;
  const stop = async (graceMs: number): Promise<void> => {
    loop.dispatch({ type: 'stopRequested' });
    loop.stop();
    const cancelGrace = clock.after(graceMs, () => abort.abort());
    await loop.idle();
    cancelGrace();
    await memory.flush();
    await Promise.all([observer.stop(), engine.close(), registry.close()]);
  };
  return { loop, stop: (graceMs) => (stopping ??= stop(graceMs)) };
}

/** Carries out effects on the ports. */
function createPerformer({ ports, stack, digestKey, pullSecretNamespaces }: DaemonOptions, signal: AbortSignal) {
  const { git, registry, synthesizer, engine, workspace, secretFiles, observer, secrets, history, audit, disk } = ports;
  const logins = { workspace, secrets, sharedNamespaces: pullSecretNamespaces };
  const takeRevision = createRevisionTaker({ git, synthesizer, workspace, files: secretFiles, stack, digestKey });
  const recall = createRecaller({ git, synthesizer, workspace, files: secretFiles, digestKey });

  const watch = async (app: string, state: DriverState): Promise<void> => {
    const compared = comparedWith(state, app);
    if (compared !== undefined) {
      const { definition, overrides } = compared;
      const values = { ...(await workspace.secrets()), ...(await secretFiles.valuesOf(definition)) };
      const objects = deployedObjects(app, objectsOf(definition, overrides), values);
      observer.setDesired(app, objects, definition.ignoreDifferences);
    }
  };

  return async (effect: Effect, state: DriverState): Promise<EventBody | undefined> => {
    switch (effect.type) {
      case 'pollGit':
        return pollGit(git, signal);
      case 'synthesize':
        if (state.revision !== undefined && state.revision.commit !== effect.commit) {
          engine.warm();
        }
        return takeRevision(effect.commit, signal, { inForce: inForceOf(state), pinned: pinnedDefinitions(state) });
      case 'recall':
        return recall(effect.app, effect.revision, signal);
      case 'listBuilds':
        return listBuilds(registry, logins, effect, signal);
      case 'run':
        await disk.require();
        return runEngine(engine, workspace, effect, signal);
      case 'watch':
        await watch(effect.app, state);
        return undefined;
      case 'forget':
        observer.forget(effect.app);
        return undefined;
      case 'refresh':
        await watch(effect.app, state);
        return {
          type: 'observed',
          app: effect.app,
          observation: await observer.refresh(effect.app, signal),
          fresh: true,
        };
      case 'record':
        await history.append(effect.entry);
        return undefined;
      case 'audit':
        await audit.append(effect.entry);
        return undefined;
      default:
        return assertNever(effect);
    }
  };
}

function pinnedDefinitions({ apps }: DriverState): DesiredApp[] {
  return Object.values(apps).flatMap(({ pin }) => pin?.kept?.definition ?? []);
}

/** Writes what a restart needs: before an engine run at once, otherwise soon. What could not be written is tried again until it is. */
function createMemoryKeeper({ ports, memoryFile }: Pick<DaemonOptions, 'ports' | 'memoryFile'>) {
  const { clock, logger } = ports;
  let latest: DriverState | undefined;
  let cancel: (() => void) | undefined;
  let queue = Promise.resolve();

  const flush = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    const written = queue.then(() => latest && writeMemory(memoryFile, rememberedOf(latest)));
    queue = written.catch((error: unknown) => {
      logger.error('cannot write the state file; it is tried again', { file: memoryFile, reason: messageOf(error) });
      cancel ??= clock.after(MEMORY_RETRY_MS, () => void flush().catch(() => undefined));
    });
    return written;
  };

  return {
    /** What could not be written was logged. */
    flush: () => flush().catch(() => undefined),
    onDecided: (before: DriverState, after: DriverState, effects: readonly Effect[]): Promise<void> | undefined => {
      latest = after;
      const changed = remembersOtherwise(before, after);
      if (effects.some(({ type }) => type === 'run') && (changed || cancel !== undefined)) {
        return flush();
      }
      if (changed) {
        cancel ??= clock.after(MEMORY_DELAY_MS, () => void flush().catch(() => undefined));
      }
      return undefined;
    },
  };
}
