import { JsonPatch } from 'cdk8s';
import { pointerSteps } from '../app/json-pointer.js';
import type { HasObject, JsonPatchOperation } from './kube-object.js';
import type { MergePatch } from './merge-patch.js';

/**
 * Lays fields over the object of a construct, for what its properties cannot say: `patch(app.deployment, { spec: { minReadySeconds: 5 } })`.
 * What is not named stays, `null` takes a field away, a list replaces the whole list.
 * @throws RangeError when it does not fit
 */
export function patch<Body extends object>(target: HasObject<Body>, changes: MergePatch<Body>): void {
  target.object.merge(changes);
}

/**
 * Changes single places of the object of a construct, also in lists, and also fields that the types do not know:
 * `patchJson(app.deployment, { op: 'add', path: '/spec/template/spec/containers/0/tty', value: true })`.
 * @throws RangeError when a path does not exist, or a `test` fails
 */
export function patchJson<Body extends object>(
  target: HasObject<Body>,
  ...operations: readonly JsonPatchOperation[]
): void {
  const { object } = target;
  for (const operation of operations) {
    const source = 'from' in operation ? operation.from : operation.path;
    if (operation.op !== 'add' && !hasPath(object.toJson(), source)) {
      throw new RangeError(`patch does not fit ${object.kind} "${object.name}": it has no ${source}`);
    }
    object.addJsonPatch(jsonPatchOf(operation));
  }
}

/** Whether a JSON pointer leads to something. */
function hasPath(document: unknown, pointer: string): boolean {
  let value = document;
  for (const key of pointerSteps(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      return false;
    }
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return true;
}

function jsonPatchOf(operation: JsonPatchOperation): JsonPatch {
  switch (operation.op) {
    case 'add':
      return JsonPatch.add(operation.path, operation.value);
    case 'replace':
      return JsonPatch.replace(operation.path, operation.value);
    case 'test':
      return JsonPatch.test(operation.path, operation.value);
    case 'remove':
      return JsonPatch.remove(operation.path);
    case 'move':
      return JsonPatch.move(operation.from, operation.path);
    case 'copy':
      return JsonPatch.copy(operation.from, operation.path);
  }
}
