import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../src/sandbox/provider/api-error.js';
import { immutableFieldsOf, isNamedBy, needsNewObject } from '../../../src/sandbox/provider/immutable-fields.js';
import type { JsonObject } from '../../../src/sandbox/provider/json.js';
import type { Kind } from '../../../src/sandbox/provider/kind.js';
import { parsePath } from '../../../src/sandbox/provider/property-path.js';

const kind = (group: string, name: string): Kind => ({ group, version: 'v1', kind: name });
const MUTABLE = { configMaps: true, secrets: true };
const FIXED = { configMaps: false, secrets: false };

describe('sandbox/provider/immutable-fields', () => {
  it.each<[string, string, Kind, JsonObject, typeof MUTABLE, boolean]>([
    ['a name makes another object', 'metadata.name', kind('example.com', 'X'), {}, MUTABLE, true],
    ['a namespace makes another object', 'metadata.namespace', kind('', 'ConfigMap'), {}, MUTABLE, true],
    ['a label does not', 'metadata.labels.name', kind('', 'ConfigMap'), {}, MUTABLE, false],
    ['a Deployment keeps its selector', 'spec.selector.matchLabels.app', kind('apps', 'Deployment'), {}, MUTABLE, true],
    [
      'a Deployment may change its image',
      'spec.template.spec.containers[0].image',
      kind('apps', 'Deployment'),
      {},
      MUTABLE,
      false,
    ],
    ['a Job keeps its template', 'spec.template.spec.containers[0].image', kind('batch', 'Job'), {}, MUTABLE, true],
    [
      'a StatefulSet keeps its claims',
      'spec.volumeClaimTemplates[0].spec',
      kind('apps', 'StatefulSet'),
      {},
      MUTABLE,
      true,
    ],
    ['a binding keeps its role', 'roleRef.name', kind('rbac.authorization.k8s.io', 'RoleBinding'), {}, MUTABLE, true],
    ['a Secret keeps its type', 'type', kind('', 'Secret'), {}, MUTABLE, true],
    ['data of a mutable ConfigMap changes in place', 'data.a', kind('', 'ConfigMap'), {}, MUTABLE, false],
    ['data of a ConfigMap does not, unless the provider says so', 'data.a', kind('', 'ConfigMap'), {}, FIXED, true],
    ['data of a Secret does not, unless the provider says so', 'stringData.a', kind('', 'Secret'), {}, FIXED, true],
    [
      'data of an object with immutable: true never does',
      'data.a',
      kind('', 'Secret'),
      { immutable: true },
      MUTABLE,
      true,
    ],
    ['immutable: true cannot be taken back', 'immutable', kind('', 'ConfigMap'), { immutable: true }, MUTABLE, true],
  ])('%s', (_rule, path, of, live, mutable, expected) => {
    expect(needsNewObject(parsePath(path), of, live, mutable)).toBe(expected);
  });

  // Recorded from kube-apiserver v1.36.3.
  it.each<[string, string, string, string | undefined]>([
    [
      'a Deployment',
      'spec.selector',
      'Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
      'spec.selector',
    ],
    ['a Service', 'spec.clusterIPs[0]', 'Invalid value: ["None"]: may not change once set', 'spec.clusterIPs[0]'],
    [
      'a StatefulSet',
      'spec',
      "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
      'spec',
    ],
    ['a claim', 'spec', 'Forbidden: spec is immutable after creation except resources.requests', 'spec'],
    [
      'a volume',
      'spec.persistentvolumesource',
      'Forbidden: spec.persistentvolumesource is immutable after creation',
      'spec.persistentvolumesource',
    ],
    ['a Pod', 'spec', 'Forbidden: pod updates may not change fields other than `spec.containers[*].image`', 'spec'],
    ['a binding', 'roleRef', 'Invalid value: {}: cannot change roleRef', 'roleRef'],
    ['a class', 'parameters', 'Forbidden: updates to parameters are forbidden.', 'parameters'],
    ['another mistake', 'spec.replicas', 'Invalid value: -1: must be greater than or equal to 0', undefined],
  ])('%s says in %s what cannot change', (_of, field, message, expected) => {
    const refusal: Refusal = {
      status: 422,
      reason: 'Invalid',
      message: '',
      about: '',
      causes: [{ reason: '', message, field }],
    };

    expect(immutableFieldsOf(refusal)).toEqual(expected === undefined ? [] : [expected]);
  });

  it('only an Invalid answer calls fields immutable', () => {
    const causes = [{ reason: '', message: 'field is immutable', field: 'spec' }];

    expect(immutableFieldsOf({ status: 409, reason: '', message: '', about: '', causes })).toEqual([]);
  });

  it.each<[string, string, boolean]>([
    ['spec.clusterIP', 'spec.clusterIPs[0]', true],
    ['spec.selector.matchLabels.app', 'spec.selector', true],
    ['spec.selector', 'spec.selector.matchLabels', true],
    ['metadata.labels.a', 'spec', false],
  ])('a change of %s is blamed on %s: %s', (path, field, expected) => {
    expect(isNamedBy(parsePath(path), [field])).toBe(expected);
  });
});
