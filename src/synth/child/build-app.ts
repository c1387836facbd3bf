import { App, Chart } from 'cdk8s';
import type { AppDefinition, AppProps } from '../../app/define-app.js';
import { markConfigHashes } from '../../app/config-hash.js';
import type { Manifest } from '../../app/manifest.js';
import { RESTART_KEY, secretKeysIn } from '../../app/secret-marker.js';
import { type MissingConfig, SynthContext } from './app-context.js';
import type { ChildRequest } from './request.js';

/** An application as its code says, before anything is checked or filled in. */
export interface BuiltApp extends Omit<AppProps, 'build' | 'restartOnChange'> {
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
  const { build, isProdeskApp: _, restartOnChange = false, ...policy } = definition;
  if (policy.enabled === false) {
    return { ...policy, objects: [] };
  }
  const chart = new Chart(new App(), name);
  build(chart, new SynthContext({ name, namespace: policy.namespace }, config, missing));
  const objects = chart.toJson() as Manifest[];
  return { ...policy, objects: restartOnChange ? withRestarts(objects, policy.namespace, config, missing) : objects };
}

function withRestarts(
  objects: readonly Manifest[],
  namespace: string,
  { secretKeys }: Pick<ChildRequest, 'secretKeys'>,
  missing: (missing: MissingConfig) => void,
): readonly Manifest[] {
  const marked = markConfigHashes(objects, namespace);
  if (secretKeysIn(marked).includes(RESTART_KEY) && !secretKeys.includes(RESTART_KEY)) {
    missing({ kind: 'secret', key: RESTART_KEY });
  }
  return marked;
}
