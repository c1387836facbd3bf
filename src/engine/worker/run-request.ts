import type { DeployApp, StackDeployment, StackOutputs } from '../../app/deployment.js';
import { CancelledError } from '../../base/errors.js';
import { redactValues } from '../../base/redact.js';
import { classifyFailure } from '../classify-failure.js';
import type { StackState } from '../checkpoint.js';
import { EventCollector } from '../engine-events.js';
import { departuresOf, movedOf, type Departure } from '../departures.js';
import type { SparedObject, UpdateRequest, UpdateResult } from '../port.js';
import { appUrn, type StackId } from '../../app/resource-name.js';
import { replacedUrns, targetsOf } from '../targets.js';
import type { AutomationStack } from './automation-stack.js';

/** Registers a deployment's resources in the program that runs. Before that it tells the secret values that are in them. */
export type DeployFunction = (
  deployment: StackDeployment,
  onSecrets: (values: readonly string[]) => void,
) => Promise<StackOutputs>;

/**
 * Those of the objects whose name belongs to another one by now, each with the reason. `pulumi` deletes by name.
 * @throws ProdeskError when one cannot be looked at
 */
export type StrangeFinder = (
  objects: readonly Departure[],
  signal: AbortSignal,
) => Promise<readonly { readonly object: Departure; readonly reason: string }[]>;

/** What a run needs. */
export interface RunContext {
  readonly id: StackId;
  readonly stack: AutomationStack;
  readonly deploy: DeployFunction;
  readonly findStrange: StrangeFinder;
  /** Takes resources out of the state; what they stand for stays as it is. */
  readonly release: (urns: ReadonlySet<string>) => Promise<unknown>;
  readonly readState: () => Promise<StackState>;
  readonly signal: AbortSignal;
}

/** By this variable the provider adopts existing objects. It is no input of the provider, so that adopting leaves no trace in the state. */
const ADOPT_VARIABLE = 'PULUMI_K8S_UPSERT_EXISTING_OBJECTS';
const NOTHING: UpdateResult = { changes: [], failures: [], durationMs: 0 };

/**
 * Carries a request out, or shows what it would do.
 * @throws as {@link Engine.update}
 */
export async function runRequest(
  mode: 'update' | 'preview',
  request: UpdateRequest,
  context: RunContext,
): Promise<UpdateResult> {
  const spared = mode === 'update' ? await spareOthers(request, context) : [];
  const state = await context.readState();
  const [first, ...rest] = runsOf(context.id, request, state);
  let result = await runOnce({ mode, request: first, state }, context);
  for (const next of rest) {
    const { changes, failures, durationMs } = await runOnce(
      { mode, request: next, state: await context.readState() },
      context,
    );
    result = {
      changes: [...result.changes, ...changes],
      failures: [...result.failures, ...failures],
      durationMs: result.durationMs + durationMs,
    };
  }
  return spared.length === 0 ? result : { ...result, spared };
}

/** Takes out of the state what would be deleted by its name and is not ours any more, or is applied by this very request. */
async function spareOthers(request: UpdateRequest, context: RunContext): Promise<readonly SparedObject[]> {
  const departures = departuresOf(context.id, request, await context.readState());
  if (departures.length === 0) {
    return [];
  }
  const moved = new Set(movedOf(departures, request));
  const strange = await context.findStrange(
    departures.filter((departure) => !moved.has(departure)),
    context.signal,
  );
  const released = new Set([...moved, ...strange.map(({ object }) => object)].map(({ urn }) => urn));
  if (released.size > 0) {
    await context.release(released);
  }
  return strange.map(({ object: { urn, app }, reason }) => ({ urn, app, reason }));
}

/**
 * The runs that a request takes. A refresh refuses targets that the state does not have, so what is repaired is repaired after everything new was
 * created, and only applications that the state has need a repair.
 */
export function runsOf(id: StackId, request: UpdateRequest, state: StackState): [UpdateRequest, ...UpdateRequest[]] {
  const repair = request.repair.filter((app) => state.urns.has(appUrn(id, app)));
  const needed = { ...request, repair };
  const areKnown = request.scope === 'whole' || targetsOf(id, request, state).every((urn) => state.urns.has(urn));
  if (repair.length === 0 || areKnown) {
    return [needed];
  }
  const repaired = request.apps.filter(({ name }) => repair.includes(name)).map(withoutAnew);
  return [
    { ...request, repair: [] },
    { ...needed, apps: repaired, remove: [] },
  ];
}

/** What the first run has made anew is not made so again. */
function withoutAnew(app: DeployApp): DeployApp {
  return app.extent === undefined ? app : { ...app, extent: { ...app.extent, anew: [] } };
}

interface SingleRun {
  readonly mode: 'update' | 'preview';
  readonly request: UpdateRequest;
  /** As it is before the run. */
  readonly state: StackState;
}

async function runOnce({ mode, request, state }: SingleRun, context: RunContext): Promise<UpdateResult> {
  const startedAt = performance.now();
  const targets = request.scope === 'whole' ? undefined : targetsOf(context.id, request, state);
  if (targets?.length === 0) {
    /** Without any target the command would update the whole stack, by a program that registers nothing. */
    return NOTHING;
  }
  const events = new EventCollector();
  /** An API server quotes what it refuses, so the values are kept out of messages. */
  let secrets: readonly string[] = [];
  const withoutSecrets = (text: string): string => redactValues(text, secrets);
  const outcome = await context.stack.run({
    mode,
    program: () =>
      context.deploy(request, (values) => {
        secrets = values;
      }),
    targets,
    replace: replacedUrns(context.id, request, state),
    refresh: request.repair.length > 0,
    environment: { [ADOPT_VARIABLE]: String(request.adopt) },
    onEvent: (event) => events.add(event),
    signal: context.signal,
  });
  if (context.signal.aborted) {
    throw new CancelledError('cancelled/superseded', 'the update was stopped before its end');
  }
  const failures = events.failures().map((failure) => ({ ...failure, message: withoutSecrets(failure.message) }));
  const changes = events.changes(new Set(targets ?? []));
  const progressed = changes.some(({ operation }) => operation !== 'same');
  const error = outcome.ok ? undefined : classifyFailure({ text: withoutSecrets(outcome.text), failures, progressed });
  if (error !== undefined) {
    throw error;
  }
  return { changes, failures, durationMs: Math.round(performance.now() - startedAt) };
}
