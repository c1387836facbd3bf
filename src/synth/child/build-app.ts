import { App, Chart } from 'cdk8s';
import type { AppDefinition, AppProps } from '../../app/define-app.js';
import { type MissingConfig, SynthContext } from './app-context.js';
import type { ChildRequest } from './request.js';

/** An application as its code says, before anything is checked or filled in. */
export interface BuiltApp extends Omit<AppProps, 'build'> {
  readonly objects: readonly unknown[];
}

/** The application that an `apps/<name>/app.ts` exports. */
export function appOf(module: unknown): AppDefinition {
  if (
    typeof module === 'object' &&
    module !== null &&
    'app' in module &&
    typeof module.app === 'object' &&
    module.app !== null &&
    'isProdeskApp' in module.app
  ) {
    return module.app as AppDefinition;
  }
  throw new TypeError('app.ts does not export an application; write: export const app = defineApp({ ... })');
}

/** Runs an application's `build`. One that is switched off is not built: it has no objects. */
export function buildApp(
  name: string,
  definition: AppDefinition,
  config: Pick<ChildRequest, 'settings' | 'secretKeys'>,
  missing: (missing: MissingConfig) => void,
): BuiltApp {
  const { build, isProdeskApp: _, ...policy } = definition;
  if (policy.enabled === false) {
    return { ...policy, objects: [] };
  }
  const chart = new Chart(new App(), name);
  build(chart, new SynthContext({ name, namespace: policy.namespace }, config, missing));
  return { ...policy, objects: chart.toJson() as unknown[] };
}
