import { pointerSteps, pointerTo } from '../app/json-pointer.js';
import { isRecord, type KubeObject } from './kube-object.js';
import type { FailureCause } from './failure.js';

/** Metadata that the API server writes on its own. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);
/** Counts up with each change of a DaemonSet, also in a dry run. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
const SERVER_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status']);
const NO_SUCH_FIELD = Symbol('absent');

/** The part of an object that people and controllers write as a wish: without status and what the API server adds by itself. */
export function comparableOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([name]) => !SERVER_METADATA.has(name)));
  if (object.metadata.annotations?.[TEMPLATE_GENERATION] !== undefined) {
    metadata['annotations'] = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: '' };
  }
  return { ...Object.fromEntries(Object.entries(object).filter(([name]) => !SERVER_FIELDS.has(name))), metadata };
}

/**
 * JSON pointers of what differs between the live object and what applying ours would make of it. Lists of different length differ as a whole.
 * Of Secrets only the key is told: `/data/KEY`.
 */
export function differingPointers(live: KubeObject, applied: KubeObject, kind: string): string[] {
  const pointers: string[] = [];
  collect(comparableOf(live), comparableOf(applied), '', pointers);
  if (kind !== 'Secret') {
    return pointers;
  }
  const short = pointers.map((pointer) =>
    pointer.startsWith('/metadata/') ? pointer : pointer.split('/').slice(0, 3).join('/'),
  );
  return [...new Set(short)];
}

/** An object as it would be applied, with the live values at ignored pointers, so that these do not differ. */
export function withoutIgnored(applied: KubeObject, live: KubeObject, pointers: readonly string[]): KubeObject {
  return pointers.reduce<KubeObject>((object, pointer) => {
    const steps = pointerSteps(pointer);
    return withValue(object, steps, valueAt(live, steps)) as KubeObject;
  }, applied);
}

/** The JSON pointer of a field as the API server writes it in errors: `spec.ports[0].name`, `data[a.b]` or `.spec.replicas`. */
export function pointerOf(field: string): string {
  const segments = [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return pointerTo(segments);
}

/** The pointers of the fields that the API server refused, each once; `/` stands for the whole object when it names none. */
export function pointersOfCauses(causes: readonly FailureCause[]): string[] {
  const pointers = causes.map(({ field }) => pointerOf(field)).filter((pointer) => pointer !== '');
  return pointers.length === 0 ? ['/'] : [...new Set(pointers)];
}

function collect(left: unknown, right: unknown, path: string, pointers: string[]): void {
  if (isRecord(left) && isRecord(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const [a, b] = [left, right].map((side) => (name in side ? side[name] : NO_SUCH_FIELD));
      collect(a, b, path + pointerTo([name]), pointers);
    }
  } else if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    left.forEach((item, index) => collect(item, (right as unknown[])[index], `${path}/${index}`, pointers));
  } else if (left !== right) {
    pointers.push(path);
  }
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((at, step) => {
    if (isRecord(at)) {
      return step in at ? at[step] : NO_SUCH_FIELD;
    }
    return Array.isArray(at) && Number(step) < at.length ? (at as unknown[])[Number(step)] : NO_SUCH_FIELD;
  }, value);
}

/** A copy with another value at a path, or without that field; a path that leads nowhere changes nothing. */
function withValue(root: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (Array.isArray(root)) {
    return root.map((item: unknown, index) => {
      const next = index === Number(step) ? withValue(item, rest, value) : item;
      return next === NO_SUCH_FIELD ? item : next;
    });
  }
  if (!isRecord(root) || (rest.length > 0 && root[step] === undefined)) {
    return root;
  }
  const { [step]: old, ...others } = root;
  const next = withValue(old, rest, value);
  return next === NO_SUCH_FIELD ? others : { ...root, [step]: next };
}
