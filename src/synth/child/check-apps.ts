import type { SchemaReport } from '../../app/schema-report.js';
import { SchemaCatalog } from '../validation/catalog.js';
import { isCustomDefinition } from '../validation/custom-definition.js';
import { DefinitionFileError, readDefinitionFolder } from '../validation/definition-folder.js';
import { addDefinitions, validateObjects } from '../validation/validate-objects.js';

/** The objects that an application wants, as they were said. */
export interface BuiltObjects {
  readonly app: string;
  readonly objects: readonly unknown[];
}

/**
 * Checks all applications' objects against the schemas of their kinds. Definitions of custom resources come from the applications,
 * then from the checkout's `crds/`, then from this program. Applications in which all is well are left out.
 * @throws DefinitionFileError when a file of `crds/` cannot be used
 */
export function checkApps(
  apps: readonly BuiltObjects[],
  checkout: string,
): (SchemaReport & { readonly app: string })[] {
  const catalog = new SchemaCatalog();
  for (const { path, definition } of readDefinitionFolder(checkout)) {
    const [problem] = catalog.add(definition);
    if (problem !== undefined) {
      throw new DefinitionFileError(path, `${problem.path}: ${problem.message}`);
    }
  }
  for (const { objects } of apps) {
    addDefinitions(catalog, objects);
  }
  return apps
    .map(({ app, objects }) => ({ app, ...validateObjects(catalog, objects) }))
    .filter(({ problems, unchecked }) => problems.length > 0 || unchecked.length > 0);
}

/** The folders of applications that define custom resources: objects of all applications are checked against these. */
export function definingApps(apps: readonly BuiltObjects[]): string[] {
  return apps.filter(({ objects }) => objects.some(isCustomDefinition)).map(({ app }) => `apps/${app}`);
}
