import { describe, expect, it } from 'vitest';
import { checkState } from '../../../src/app/checks/check-state.js';
import { redact } from '../../../src/base/redact.js';
import { app, object, revision, running } from './revision.js';

const problemAt = (path: string, message: string) => ({
  schema: { problems: [{ index: 0, path, message }], unchecked: [] },
});
const CONTAINER = 'spec.template.spec.containers[0]';
const MISTYPED = problemAt(`${CONTAINER}.resource`, 'unknown field, did you mean "resources"?');

describe('app/checks/wrong-field', () => {
  it('refuses the application, and names the object, the field and the file', () => {
    const { apps, failed } = checkState(revision([app('x', [running('web')], MISTYPED), app('y', [])]));
    expect(Object.keys(apps)).toEqual(['y']);
    expect(failed.x).toEqual({
      message: `Deployment home/web ${CONTAINER}.resource: unknown field, did you mean "resources"? (wrong-field)`,
      location: 'apps/x/app.ts',
      refused: true,
    });
  });

  it('an application silences it with a reason', () => {
    const ignoreChecks = { 'wrong-field': 'a field of a newer Kubernetes' };
    expect(checkState(revision([app('x', [running('web')], { ...MISTYPED, ignoreChecks })])).failed).toEqual({});
  });

  it('a field that another rule finds wrong as well is told once', () => {
    const limits = { memory: '512MB' };
    const field = `${CONTAINER}.resources.limits.memory`;
    const both = app('x', [running('web', { resources: { limits } })], problemAt(field, 'must be a quantity'));
    expect(checkState(revision([both])).findings).toMatchObject([{ rule: 'wrong-field', field }]);
  });

  it('a field that is called like a secret keeps its message when it is redacted', () => {
    const config = app('x', [object('ConfigMap', 'c')], problemAt('data.password', 'must be a string'));
    const message = checkState(revision([config])).failed.x?.message ?? '';
    expect(message).toContain('data.password is wrong: must be a string');
    expect(redact(message)).toBe(message);
  });
});
