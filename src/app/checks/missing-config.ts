import { keyOf } from '../manifest.js';
import type { Check, Mistake } from './check.js';
import { configReferencesOf, type ConfigReference } from './config-references.js';
import { entriesAt, itemsAt, textAt } from './fields.js';
import { findMissing } from './missing.js';
import type { Program, Subject } from './program.js';

/** A ConfigMap, Secret or key that a pod or a middleware needs and that is nowhere: it would not start, or refuse everybody. */
export const missingConfig: Check = {
  rule: 'missing-config',
  severity: 'error',
  find(program) {
    const made = secretsMade(program);
    const inPods = program.pods.flatMap((placed) =>
      configReferencesOf(placed.pod).map((reference) => ({ subject: placed, reference })),
    );
    const elsewhere = [
      ...program.ofKind('traefik.io/Middleware').flatMap((subject) => ofMiddleware(subject)),
      ...program.ofKind('core/ServiceAccount').flatMap((subject) => ofServiceAccount(subject)),
    ];
    const told = new Set<string>();
    return [...inPods, ...elsewhere].flatMap(({ subject, reference }) => {
      const mistakes = judge(program, made, subject, reference);
      const texts = mistakes.map(({ app, message }) => `${app} ${keyOf(subject.object)} ${message}`);
      const isNew = texts.some((text) => !told.has(text));
      texts.forEach((text) => told.add(text));
      return isNew ? mistakes : [];
    });
  },
};

interface Found {
  readonly subject: Subject;
  readonly reference: ConfigReference;
}

/** In every namespace from the beginning. */
const BUILT_IN = 'ConfigMap kube-root-ca.crt';

function judge(program: Program, made: ReadonlySet<string>, subject: Subject, reference: ConfigReference): Mistake[] {
  const { kind, name, key, field } = reference;
  const { namespace = '' } = subject.object.metadata;
  if (`${kind} ${name}` === BUILT_IN || (kind === 'Secret' && made.has(`${namespace}/${name}`))) {
    return [];
  }
  const target = { kind: `core/${kind}`, namespace, name };
  const presence = program.look(target);
  if (presence.is === 'absent' || presence.is === 'unsure') {
    return findMissing(program, { ...subject, field, target });
  }
  if (key === undefined) {
    return [];
  }
  const keys = presence.is === 'defined' ? keysOf(presence.object) : presence.keys;
  if (keys === undefined || keys.includes(key)) {
    return [];
  }
  const message = `${kind} ${namespace}/${name} has no key "${key}"; there are: ${keys.join(', ') || 'none'}`;
  return [{ app: subject.app, object: subject.object, field, message }];
}

function keysOf(object: Subject['object']): string[] {
  return ['data', 'stringData', 'binaryData'].flatMap((part) => entriesAt(object, part).map(([key]) => key));
}

function ofMiddleware(subject: Subject): Found[] {
  return ['basicAuth', 'digestAuth'].flatMap((kind) => {
    const name = textAt(subject.object, 'spec', kind, 'secret');
    return name === undefined
      ? []
      : [{ subject, reference: { kind: 'Secret', name, field: `spec.${kind}.secret` } as const }];
  });
}

function ofServiceAccount(subject: Subject): Found[] {
  return itemsAt(subject.object, 'imagePullSecrets').flatMap(([field, secret]) => {
    const name = textAt(secret, 'name');
    return name === undefined
      ? []
      : [{ subject, reference: { kind: 'Secret', name, field: `${field}.name` } as const }];
  });
}

/** Kinds whose objects make a Secret, and where they say its name; else it has theirs. */
const SECRET_MAKERS: readonly (readonly [kind: string, ...nameField: readonly string[]])[] = [
  ['bitnami.com/SealedSecret', 'spec', 'template', 'metadata', 'name'],
  ['cert-manager.io/Certificate', 'spec', 'secretName'],
  ['external-secrets.io/ExternalSecret', 'spec', 'target', 'name'],
];

/** The Secrets that controllers make of other objects of the program. */
function secretsMade(program: Program): ReadonlySet<string> {
  return new Set(
    SECRET_MAKERS.flatMap(([kind, ...nameField]) =>
      program.existing(kind).map(({ object }) => {
        const { namespace = '', name } = object.metadata;
        return `${namespace}/${textAt(object, ...nameField) ?? name}`;
      }),
    ),
  );
}
