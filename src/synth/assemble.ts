import type { DesiredApp, DesiredState, SynthFailure } from '../app/desired-state.js';
import type { Manifest } from '../app/manifest.js';
import { syncPolicyOf } from '../app/sync-policy.js';
import { redact } from '../base/redact.js';
import { clusterScopeOf, type IsClusterScoped } from '../app/cluster-scope.js';
import { judgeDependencies } from './judge-dependencies.js';
import type { Discovery } from './discover.js';
import { locationOf, relativePaths } from './locate.js';
import { type BuiltAppMessage, builtAppSchema, type CheckedMessage, type ChildMessage } from './schema.js';

/** Where messages come from. */
export interface Origin {
  readonly revision: string;
  /** The checkout's real path. */
  readonly directory: string;
}

type Outcome =
  | { readonly name: string; readonly built: BuiltAppMessage }
  | { readonly name: string; readonly failure: SynthFailure };

/** The desired state that a finished child described: of the right form, and with namespaces. */
export function assembleState(messages: readonly ChildMessage[], discovery: Discovery, origin: Origin): DesiredState {
  const outcomes = messages.flatMap((message) => outcomeOf(message, origin));
  const built = outcomes.flatMap((outcome) => ('built' in outcome ? [outcome] : []));
  const isClusterScoped = clusterScopeOf(built.flatMap(({ built: { objects } }) => objects));
  const failed: Record<string, SynthFailure> = { ...discovery.refused };
  for (const outcome of outcomes) {
    if ('failure' in outcome) {
      failed[outcome.name] = outcome.failure;
    }
  }
  const checked = new Map(messages.filter((one) => one.type === 'checked').map((one) => [one.app, one]));
  const apps: Record<string, DesiredApp> = {};
  for (const { name, built: app } of built.filter(({ built: { enabled } }) => enabled !== false)) {
    apps[name] = { ...desiredAppOf(name, app, isClusterScoped), ...schemaReportOf(checked.get(name)) };
  }
  const disabled = built.filter(({ built: { enabled } }) => enabled === false).map(({ name }) => name);
  const refused = judgeDependencies({ apps, disabled, failed });
  const kept = Object.fromEntries(Object.entries(apps).filter(([name]) => refused[name] === undefined));
  return { revision: origin.revision, apps: kept, disabled, failed: { ...failed, ...refused } };
}

function outcomeOf(message: ChildMessage, { directory }: Origin): Outcome[] {
  if (message.type === 'failed') {
    const { app, stack } = message;
    const location = locationOf(`${message.message}\n${stack}`, directory, app);
    const text = redact(relativePaths(message.message, directory));
    return [{ name: app, failure: { message: text, ...(location === undefined ? {} : { location }) } }];
  }
  if (message.type !== 'built') {
    return [];
  }
  const parsed = builtAppSchema.safeParse(message);
  return [
    parsed.success
      ? { name: message.app, built: parsed.data }
      : { name: message.app, failure: invalid(message.app, message, parsed.error.issues) },
  ];
}

/** Names the object that the first problem is in, because its position alone says little. */
function invalid(
  app: string,
  message: { readonly [field: string]: unknown },
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): SynthFailure {
  const problems = issues.slice(0, 5).map(({ path, message: problem }) => {
    const [list, index] = path;
    const object: unknown =
      list === 'objects' && typeof index === 'number' && Array.isArray(message.objects) ? message.objects[index] : {};
    const { kind, metadata } = (object ?? {}) as { kind?: unknown; metadata?: { name?: unknown } };
    const which = typeof kind === 'string' ? ` (${kind} "${String(metadata?.name)}")` : '';
    return `${path.map(String).join('.')}${which}: ${problem}`;
  });
  return { message: redact(`application is not valid: ${problems.join('; ')}`), location: `apps/${app}/app.ts` };
}

function desiredAppOf(name: string, app: BuiltAppMessage, isClusterScoped: IsClusterScoped): DesiredApp {
  const { namespace, sync, images = [], syncWindows = [], outside, ignoreChecks } = app;
  const { dependsOn = [], ignoreDifferences = [] } = app;
  const objects = app.objects.map((object) => withNamespace(object, namespace, isClusterScoped(object)));
  return {
    name,
    namespace,
    sync: { ...syncPolicyOf(sync), ...(syncWindows.length > 0 && { windows: syncWindows }) },
    images,
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(ignoreDifferences.length > 0 && { ignoreDifferences }),
    objects,
    ...(outside && { outside }),
    ...(ignoreChecks && { ignoreChecks }),
  };
}

function schemaReportOf(checked: CheckedMessage | undefined): Pick<DesiredApp, 'schema'> {
  return checked === undefined ? {} : { schema: { problems: checked.problems, unchecked: checked.unchecked } };
}

function withNamespace(object: Manifest, namespace: string, isClusterScoped: boolean): Manifest {
  const { namespace: own, ...metadata } = object.metadata;
  return { ...object, metadata: isClusterScoped ? metadata : { ...metadata, namespace: own ?? namespace } };
}
