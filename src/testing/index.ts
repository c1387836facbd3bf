import { stringify } from 'yaml';
import { checkState } from '../app/checks/check-state.js';
import { describeFinding, warningsIn } from '../app/checks/finding.js';
import type { DesiredApp, DesiredState } from '../app/desired-state.js';
import type { AppDefinition } from '../app/index.js';
import type { Manifest } from '../app/manifest.js';
import { assembleState } from '../synth/assemble.js';
import { buildApp } from '../synth/child/build-app.js';
import { SchemaCatalog } from '../synth/validation/catalog.js';
import { addDefinitions, validateObjects } from '../synth/validation/validate-objects.js';

/** What an application wants, as its tests see it. Secret values appear as `⟦secret:app.KEY⟧`. */
export interface SynthesizedApp extends DesiredApp {
  /** What `prodesk synth` would warn about, a line each. Other applications are not known here, so what they hold is missed too. */
  readonly warnings: readonly string[];
  /** The objects as YAML documents, for files that are reviewed like code. */
  readonly yaml: string;
  /**
   * The only object of a kind and name.
   * @throws Error when there is none, or there are several
   */
  find(kind: string, name: string): Manifest;
}

/**
 * Synthesizes one application in this process, for tests of `apps/`, with all checks of a synthesis: schemas of kinds, and mistakes such as
 * a Service that selects nothing. A switched-off application is switched on first.
 * @param name the name of the application's folder
 * @param settings plain stack-config values by key
 * @throws Error with what the synthesis would have said, or with the settings that are missing
 */
export function synthApp(
  name: string,
  app: AppDefinition,
  settings: Readonly<Record<string, string>> = {},
): SynthesizedApp {
  const missing: string[] = [];
  const built = buildApp(name, { ...app, enabled: true }, { settings, secretKeys: [] }, ({ kind, key }) => {
    if (kind === 'setting') {
      missing.push(key);
    }
  });
  if (missing.length > 0) {
    throw new Error(`${name} asks for settings that the test does not give: ${missing.join(', ')}`);
  }
  const origin = { revision: 'working-tree', directory: process.cwd() };
  const alone = assembleState([{ type: 'built', app: name, ...built }], { apps: [name], refused: {} }, origin);
  const state = checkState({ ...alone, failed: { ...alone.failed, ...OTHERS } });
  const desired = state.apps[name];
  if (desired === undefined) {
    throw new Error(`${name} failed: ${state.failed[name]?.message ?? 'it gave nothing'}`);
  }
  checkSchemas(desired);
  const warnings = warningsIn(state).map(describeFinding);
  return { ...desired, warnings, yaml: yamlOf(desired), find: (kind, object) => findObject(desired, kind, object) };
}

/** Applications that this one may refer to, and that are not known here. */
const OTHERS: DesiredState['failed'] = { '(others)': { message: 'not synthesized with this one' } };

function checkSchemas({ name, objects }: DesiredApp): void {
  const catalog = new SchemaCatalog();
  addDefinitions(catalog, objects);
  const { problems } = validateObjects(catalog, objects);
  const lines = problems.map(({ index, path, message }) => {
    const object = objects[index];
    return `${object?.kind ?? ''} ${object?.metadata.name ?? ''}, ${path}: ${message}`;
  });
  if (lines.length > 0) {
    throw new Error(`${name} has objects that the API server would refuse:\n${lines.join('\n')}`);
  }
}

function yamlOf({ objects }: DesiredApp): string {
  return objects.map((object) => `---\n${stringify(object, { lineWidth: 0, version: '1.1' })}`).join('');
}

function findObject(app: DesiredApp, kind: string, name: string): Manifest {
  const found = app.objects.filter((object) => object.kind === kind && object.metadata.name === name);
  const [object] = found;
  if (object === undefined || found.length > 1) {
    throw new Error(`${found.length} objects of ${app.name} are ${kind} ${name}`);
  }
  return object;
}
