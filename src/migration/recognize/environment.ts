import { call, type CodeValue, type Expression } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { amountOf, at, flagOf, someOf, textOf } from './values.js';

/** The `environment` of a container, and the functions that it calls. Undefined where the container has no variables. */
export function environmentOf(container: unknown): { readonly value: CodeValue; readonly uses: readonly string[] } {
  const sources = [
    ...variableSources(listOf(at(container, 'env'))),
    ...listOf(at(container, 'envFrom')).map(wholeSource),
  ];
  const uses = sources.map(({ text }) => text.slice(0, text.indexOf('(')));
  return { value: sources.length === 0 ? undefined : sources, uses };
}

/** Plain values that follow each other are written together. */
function variableSources(variables: readonly unknown[]): Expression[] {
  const sources: Expression[] = [];
  let plain: Record<string, string> = {};
  const flush = (): void => {
    if (Object.keys(plain).length > 0) {
      sources.push(call('values', plain));
      plain = {};
    }
  };
  for (const variable of variables) {
    const { name, value, valueFrom } = fieldsOf(variable);
    if (valueFrom === undefined) {
      plain[String(name)] = textOf(value) ?? '';
    } else {
      flush();
      sources.push(referenceSource(String(name), valueFrom));
    }
  }
  flush();
  return sources;
}

function referenceSource(variable: string, from: unknown): Expression {
  for (const [field, name] of [
    ['secretKeyRef', 'fromSecretKey'],
    ['configMapKeyRef', 'fromConfigMapKey'],
  ] as const) {
    const reference = at(from, field);
    if (reference !== undefined) {
      const { name: object, key, optional } = fieldsOf(reference);
      const options = someOf({ optional: flagOf(optional) });
      const isSame = key === variable && options === undefined;
      return call(name, variable, String(object), ...(isSame ? [] : [String(key)]), ...argumentOf(options));
    }
  }
  const resource = at(from, 'resourceFieldRef');
  if (resource !== undefined) {
    const divisor = amountOf(at(resource, 'divisor'));
    return call('fromResource', variable, String(at(resource, 'resource')), ...argumentOf(divisor));
  }
  return call('fromField', variable, String(at(from, 'fieldRef', 'fieldPath')));
}

function wholeSource(source: unknown): Expression {
  const isSecret = at(source, 'secretRef') !== undefined;
  const reference = at(source, isSecret ? 'secretRef' : 'configMapRef');
  const options = someOf({ prefix: textOf(at(source, 'prefix')), optional: flagOf(at(reference, 'optional')) });
  return call(isSecret ? 'fromSecret' : 'fromConfigMap', String(at(reference, 'name')), ...argumentOf(options));
}

function argumentOf(value: CodeValue): readonly CodeValue[] {
  return value === undefined ? [] : [value];
}
