import type { Json } from '../../app/manifest.js';
import { type Fields, fieldsOf, isFields } from '../normal-fields.js';

/** One `--set` of Helm. */
export interface ChartParameter {
  readonly name: string;
  readonly value?: string | undefined;
  readonly forceString?: boolean | undefined;
}

/** Values over values as Helm lays them: maps are merged, everything else is replaced. */
export function mergeValues(below: Fields, above: Fields): Fields {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isFields(old) && isFields(value) ? mergeValues(old, value) : value;
  }
  return merged;
}

/** Values with one parameter set, such as `server.hosts[0].name`. */
export function withParameter(values: Fields, { name, value = '', forceString = false }: ChartParameter): Fields {
  return fieldsOf(setAt(values, stepsOf(name), forceString ? value : parameterValue(value)));
}

/** Paths of texts whose names say that they are secret, such as `grafana.adminPassword`. */
export function secretPaths(values: unknown, path: readonly string[] = []): string[] {
  return Object.entries(fieldsOf(values)).flatMap(([key, value]) => {
    const own = [...path, key];
    const isSecret = typeof value === 'string' && value !== '' && SECRET_NAME.test(key);
    return isSecret ? [own.join('.')] : secretPaths(value, own);
  });
}

/** Names of secrets, and not of Secrets: `existingSecret`, `passwordKey` only refer to one. */
const SECRET_NAME = /(password|passwd|token|apikey|secretkey|privatekey|credentials?)$/i;

type Step = string | number;

function stepsOf(name: string): Step[] {
  return name.split(/(?<!\\)\./).flatMap((part) => {
    const [, key = '', indexes = ''] = /^(.*?)((?:\[\d+\])*)$/.exec(part) ?? [];
    const steps: Step[] = key === '' ? [] : [key.replaceAll('\\.', '.')];
    return [...steps, ...[...indexes.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index))];
  });
}

function setAt(target: unknown, [step, ...rest]: readonly Step[], value: Json): unknown {
  if (step === undefined) {
    return value;
  }
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(target) ? [...(target as unknown[])] : [];
    while (list.length < step) {
      list.push(null);
    }
    list[step] = setAt(list[step], rest, value);
    return list;
  }
  const fields = fieldsOf(target);
  return { ...fields, [step]: setAt(fields[step], rest, value) };
}

/** Helm takes numbers, booleans, null and lists in braces for what they look like. */
function parameterValue(text: string): Json {
  if (/^\{.*\}$/s.test(text)) {
    const inner = text.slice(1, -1);
    return inner === '' ? [] : inner.split(',').map(parameterValue);
  }
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) {
    return Number(text);
  }
  const words: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
  return Object.hasOwn(words, text) ? (words[text] ?? null) : text;
}
