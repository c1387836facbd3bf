import type { SchemaProblem, SchemaReport, UncheckedKind } from '../../app/schema-report.js';
import type { SchemaCatalog } from './catalog.js';
import { checkObject } from './check-value.js';
import { isCustomDefinition } from './custom-definition.js';
import { isFields } from './open-api.js';

/** Takes in the CustomResourceDefinitions among objects, so that resources of theirs can be checked. A wrong one is passed over: it is checked itself. */
export function addDefinitions(catalog: SchemaCatalog, objects: readonly unknown[]): void {
  for (const object of objects) {
    if (isFields(object) && isCustomDefinition(object)) {
      catalog.add(object);
    }
  }
}

/** Checks an application's objects against the schemas of their kinds. What is not an object at all is left to others. */
export function validateObjects(catalog: SchemaCatalog, objects: readonly unknown[]): SchemaReport {
  const problems: SchemaProblem[] = [];
  const unchecked = new Map<string, UncheckedKind>();
  objects.forEach((object, index) => {
    if (!isFields(object) || typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') {
      return;
    }
    const { apiVersion, kind } = object;
    const known = catalog.look(apiVersion, kind);
    if (known.is === 'known') {
      problems.push(...checkObject(known.definition, object).map((problem) => ({ ...problem, index })));
    } else if (known.is === 'mistyped') {
      const message = `${apiVersion} has no kind "${kind}", did you mean "${known.nearest}"?`;
      problems.push({ path: 'kind', message, index });
    } else {
      const name = `${apiVersion} ${kind}`;
      const before = unchecked.get(name);
      unchecked.set(name, { kind: name, index: before?.index ?? index, objects: (before?.objects ?? 0) + 1 });
    }
  });
  return { problems, unchecked: [...unchecked.values()] };
}
