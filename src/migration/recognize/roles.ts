import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { at, metadataProps, numberOf, textOf, flagOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** Rights in a namespace or in the whole cluster. */
export function recognizeRole(object: SourceObject): Piece {
  const { kind, metadata, rules } = object.manifest;
  const props = { name: metadata.name, rules: listOf(rules).map(accessRule), ...metadataProps(object.manifest) };
  return pieceOf(kind, object, { props, uses: [] });
}

/** The rule of a role. */
export function accessRule(rule: unknown): CodeValue {
  const { apiGroups, resources, verbs, resourceNames, nonResourceURLs } = fieldsOf(rule);
  const groups = listOf(apiGroups);
  return nonResourceURLs === undefined
    ? {
        groups: groups.length === 1 && groups[0] === '' ? undefined : wholeOf(apiGroups),
        resources: wholeOf(resources),
        verbs: wholeOf(verbs),
        names: wholeOf(resourceNames),
      }
    : { urls: wholeOf(nonResourceURLs), verbs: wholeOf(verbs) };
}

/** Who has the rights of a role. */
export function recognizeBinding(object: SourceObject): Piece {
  const { kind, metadata, roleRef, subjects } = object.manifest;
  const props = {
    name: metadata.name,
    role: { kind: textOf(at(roleRef, 'kind')), name: textOf(at(roleRef, 'name')) },
    subjects: listOf(subjects).map((subject) => ({
      kind: at(subject, 'kind') === 'ServiceAccount' ? undefined : textOf(at(subject, 'kind')),
      name: textOf(at(subject, 'name')),
      namespace: textOf(at(subject, 'namespace')),
    })),
    ...metadataProps(object.manifest),
  };
  return pieceOf(kind, object, { props, uses: [] });
}

/** A namespace. */
export function recognizeNamespace(object: SourceObject): Piece {
  const props = { name: object.manifest.metadata.name, ...metadataProps(object.manifest) };
  return pieceOf('Namespace', object, { props, uses: [] });
}

/** How important pods are. */
export function recognizePriorityClass(object: SourceObject): Piece {
  const { metadata, value, globalDefault, description, preemptionPolicy } = object.manifest;
  const props = {
    name: metadata.name,
    value: numberOf(value),
    globalDefault: flagOf(globalDefault),
    description: textOf(description),
    preemption: textOf(preemptionPolicy),
    ...metadataProps(object.manifest),
  };
  return pieceOf('PriorityClass', object, { props, uses: [] });
}
