import { describe, expect, it } from 'vitest';
import { application, HEALTHY, Scenario } from './scenario.js';

const KEY = 'apps/Deployment/default/web';
const WEB = application('web');
const REPLICAS = { kind: 'Deployment', pointers: ['/spec/replicas'] };
const RULED = { ...WEB, ignoreDifferences: [REPLICAS] };

describe('driver/core/decide ignored differences', () => {
  it('an update leaves fields as they are that the rules name, and that others were seen to write', () => {
    const scenario = new Scenario().settled(RULED);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
    const [object] = HEALTHY.objects;
    scenario.observe('web', {
      health: HEALTHY.health,
      objects: [{ ...object, ref, state: 'synced', drift: [], health: HEALTHY.health, ignored: ['/spec/paused'] }],
    });
    expect(scenario.sync('web').started()?.deployment.apps[0]?.ignored).toEqual({
      [KEY]: ['/spec/replicas', '/spec/paused'],
    });
  });

  it('a commit that changes nothing but the rules writes nothing, and has live objects judged anew', () => {
    const scenario = new Scenario().settled(WEB).commit('c2', [RULED]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.effects).toContainEqual({ type: 'refresh', app: 'web' });
    scenario.observe('web', HEALTHY).commit('c3', [RULED]);
    expect(scenario.effects).toEqual([]);
  });
});
