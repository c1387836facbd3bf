import { describe, expect, it } from 'vitest';
import { checkState } from '../../../src/app/checks/check-state.js';
import { describeFinding } from '../../../src/app/checks/finding.js';
import { app, object, revision, running, service } from './revision.js';

const SELECTS_NOTHING = service('s', { selector: { app: 'x' } });
const OTHER_NAME = service('t', { selector: { app: 'x' } });
const BAD_PORT = service('p', { ports: [{ port: 0 }] });
const NEEDS_SECRET = running('web', { envFrom: [{ secretRef: { name: 'by-other' } }] });

describe('app/checks/check-state', () => {
  it('a revision without mistakes stays as it is, and is known to be checked', () => {
    const state = revision([app('a', [object('ConfigMap', 'c')])]);
    expect(checkState(state)).toEqual({ ...state, findings: [] });
  });

  it('an error refuses its application alone, and says everything in one line', () => {
    const { apps, failed, findings } = checkState(revision([app('a', [BAD_PORT]), app('b', [object('Secret', 's')])]));
    expect(Object.keys(apps)).toEqual(['b']);
    expect(failed).toEqual({
      a: {
        message: 'Service home/p spec.ports[0].port: 0 is not a port from 1 to 65535 (invalid-port)',
        location: 'apps/a/app.ts',
        refused: true,
      },
    });
    expect(findings?.map(describeFinding)).toEqual([failed.a?.message]);
  });

  it('a warning refuses nothing', () => {
    const { apps, failed, findings } = checkState(revision([app('a', [SELECTS_NOTHING])]));
    expect([Object.keys(apps), failed, findings?.length]).toEqual([['a'], {}, 1]);
  });

  it('many errors are counted', () => {
    const ports = Array.from({ length: 7 }, () => ({ port: 0 }));
    expect(checkState(revision([app('a', [service('s', { ports })])])).failed.a?.message).toMatch(/; and 2 more$/);
  });

  it('findings are sorted by application, errors first', () => {
    const both = [SELECTS_NOTHING, BAD_PORT];
    const { findings } = checkState(revision([app('b', both), app('a', [OTHER_NAME])]));
    expect(findings?.map((one) => `${one.app} ${one.severity}`)).toEqual(['a warning', 'b error', 'b warning']);
  });

  it('an application silences a rule for itself', () => {
    const ignoreChecks = { 'service-selects-nothing': 'pods come from a chart' };
    const { findings } = checkState(revision([app('a', [SELECTS_NOTHING], { ignoreChecks }), app('b', [OTHER_NAME])]));
    expect(findings?.map((one) => one.app)).toEqual(['b']);
  });

  it('applications that failed stay failed as they were', () => {
    const failed = { z: { message: 'no luck', location: 'apps/z/app.ts:3' } };
    expect(checkState(revision([app('a', [BAD_PORT])], { failed })).failed).toMatchObject(failed);
  });

  it('what may be in an application that failed is only a warning', () => {
    const state = revision([app('a', [NEEDS_SECRET])], { failed: { z: { message: 'no luck' } } });
    expect(checkState(state).findings).toMatchObject([{ rule: 'missing-config', severity: 'warning' }]);
  });

  it('what an application has that failed is there', () => {
    const state = revision([app('a', [NEEDS_SECRET])], { failed: { z: { message: 'no luck' } } });
    const definitions = { z: app('z', [object('Secret', 'by-other')]) };
    expect(checkState(state, { definitions, deployed: ['z'] }).findings).toEqual([]);
  });

  it('what an application had that is gone is not there', () => {
    const definitions = { z: app('z', [object('Secret', 'by-other')]) };
    const { findings } = checkState(revision([app('a', [NEEDS_SECRET])]), { definitions, deployed: ['z'] });
    expect(findings).toMatchObject([{ rule: 'missing-config', severity: 'error' }]);
  });
});
