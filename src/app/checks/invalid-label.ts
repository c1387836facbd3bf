import type { Manifest } from '../manifest.js';
import type { Check } from './check.js';
import { entriesAt } from './fields.js';
import { DNS_SUBDOMAIN, keepsTo, LABEL_NAME, LABEL_VALUE } from './name-rules.js';
import type { Subject } from './program.js';

/** A key of a label or annotation, or the value of a label or selector, that the API server would refuse. */
export const invalidLabel: Check = {
  rule: 'invalid-label',
  severity: 'error',
  find: (program) =>
    program.subjects.flatMap((subject) => {
      const { app, object } = subject;
      return [...labelMistakes(subject), ...annotationMistakes(object)].map((mistake) => ({ app, object, ...mistake }));
    }),
};

interface Problem {
  readonly field: string;
  readonly message: string;
}

function labelMistakes({ object, kind, pod }: Subject): Problem[] {
  const maps = [
    ['metadata.labels', entriesAt(object, 'metadata', 'labels')],
    ...(pod === undefined || object.kind === 'Pod'
      ? []
      : ([
          [pod.labelsField, Object.entries(pod.labels)],
          ['spec.selector.matchLabels', entriesAt(object, 'spec', 'selector', 'matchLabels')],
        ] as const)),
    ...(kind === 'core/Service' ? [['spec.selector', entriesAt(object, 'spec', 'selector')] as const] : []),
  ] as const;
  return maps.flatMap(([field, labels]) =>
    labels.flatMap(([key, value]) => [...keyProblems(field, key), ...valueProblems(field, key, value)]),
  );
}

function annotationMistakes(object: Manifest): Problem[] {
  return entriesAt(object, 'metadata', 'annotations').flatMap(([key]) => keyProblems('metadata.annotations', key));
}

function keyProblems(field: string, key: string): Problem[] {
  const slash = key.indexOf('/');
  if (slash >= 0 && !keepsTo(DNS_SUBDOMAIN, key.slice(0, slash).toLowerCase())) {
    return [{ field, message: `key "${key}": what is before the "/" is not ${DNS_SUBDOMAIN.words}` }];
  }
  return keepsTo(LABEL_NAME, key.slice(slash + 1))
    ? []
    : [{ field, message: `key "${key}" is not ${LABEL_NAME.words}` }];
}

function valueProblems(field: string, key: string, value: unknown): Problem[] {
  return typeof value === 'string' && keepsTo(LABEL_VALUE, value)
    ? []
    : [{ field: `${field}['${key}']`, message: `${JSON.stringify(value)} is not ${LABEL_VALUE.words}` }];
}
