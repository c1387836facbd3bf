import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../src/app/desired-state.js';
import { syncPolicyOf } from '../../src/app/sync-policy.js';
import { schemaFailure } from '../../src/synth/schema-failure.js';

const APP: DesiredApp = {
  name: 'x',
  namespace: 'prodesk',
  sync: syncPolicyOf('auto'),
  images: [],
  objects: [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'prodesk' } }],
};
const failureOf = (...problems: (readonly [path: string, message: string])[]) =>
  schemaFailure(APP, {
    type: 'checked',
    app: 'x',
    problems: problems.map(([path, message]) => ({ index: 0, path, message })),
    unchecked: [],
  });

describe('synth/schema-failure', () => {
  it('names the object, the field and the file', () => {
    const path = 'spec.template.spec.containers[0].resource';
    expect(failureOf([path, 'unknown field, did you mean "resources"?'])).toEqual({
      message: `Deployment prodesk/x: ${path}: unknown field, did you mean "resources"?`,
      location: 'apps/x/app.ts',
    });
  });

  it('an application without problems does not fail', () => {
    expect(failureOf()).toBeUndefined();
    expect(schemaFailure(APP, undefined)).toBeUndefined();
  });

  it('tells five problems, and how many there are beyond', () => {
    const { message = '' } =
      failureOf(...Array.from({ length: 7 }, (_, at) => [`spec.f${at}`, 'is required'] as const)) ?? {};
    expect(message).toContain('spec.f4: is required; and 2 more');
    expect(message).not.toContain('spec.f5');
  });

  it('a field that is called like a secret keeps its message', () => {
    expect(failureOf(['spec.password', 'must be a string'])?.message).toContain(
      'spec.password is wrong: must be a string',
    );
  });
});
