import type { IgnoreRule } from '../../app/ignore-differences.js';
import { pointerTo } from '../../app/json-pointer.js';
import type { ArgoIgnore } from './schema.js';

/** What an Application's `ignoreDifferences` are here, and what of them cannot be said. */
export interface IgnoreRules {
  readonly rules: readonly IgnoreRule[];
  readonly notes: readonly string[];
}

/** The fields that others may write, from an Application's `ignoreDifferences`. */
export function ignoreRulesOf(ignored: readonly ArgoIgnore[]): IgnoreRules {
  const read = ignored.map(readRule);
  return { rules: read.flatMap(({ rules }) => rules), notes: read.flatMap(({ notes }) => notes) };
}

function readRule({
  kind,
  name,
  jsonPointers = [],
  jqPathExpressions = [],
  managedFieldsManagers = [],
}: ArgoIgnore): IgnoreRules {
  if (kind === undefined || kind === '*') {
    return { rules: [], notes: ['ignoreDifferences of every kind was left out: name the kinds'] };
  }
  const paths = jqPathExpressions.map((expression) => ({ expression, pointer: plainPointer(expression) }));
  const pointers = [...jsonPointers, ...paths.flatMap(({ pointer }) => pointer ?? [])];
  const notes = paths
    .filter(({ pointer }) => pointer === undefined)
    .map(({ expression }) => `ignoreDifferences of ${kind}: ${expression} is no plain path and was left out`);
  const rule: IgnoreRule = {
    kind,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(pointers.length === 0 ? {} : { pointers }),
    ...(managedFieldsManagers.length === 0 ? {} : { managers: managedFieldsManagers }),
  };
  return { rules: pointers.length + managedFieldsManagers.length === 0 ? [] : [rule], notes };
}

/** The JSON pointer of a plain path of jq, such as `.spec.containers[0]["image"]`; undefined for what chooses or computes. */
function plainPointer(expression: string): string | undefined {
  const step = /\.?\["([^"\\]+)"\]|\.?\[(\d+)\]|\.([A-Za-z_]\w*)/y;
  const steps: string[] = [];
  while (step.lastIndex < expression.length) {
    const found = step.exec(expression);
    if (found === null) {
      return undefined;
    }
    steps.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return steps.length === 0 ? undefined : pointerTo(steps);
}
