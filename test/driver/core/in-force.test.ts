import { describe, expect, it } from 'vitest';
import { inForceOf } from '../../../src/driver/core/in-force.js';
import { application, Scenario } from './scenario.js';

const DB = application('db');

describe('driver/core/in-force', () => {
  it('an application that is deployed has its definition', () => {
    expect(inForceOf(new Scenario().settled(DB).state)).toEqual({ definitions: { db: DB }, deployed: ['db'] });
  });

  it('the last good definition counts when the newest revision has none', () => {
    const scenario = new Scenario().settled(DB).commit('c2', [], { failed: { db: { message: 'no luck' } } });
    expect(inForceOf(scenario.state).definitions).toEqual({ db: DB });
  });

  it('after a restart it is only known which ones are deployed', () => {
    const scenario = new Scenario().start(new Scenario().settled(DB).state);
    expect(inForceOf(scenario.state)).toEqual({ definitions: {}, deployed: ['db'] });
  });

  it('one that is new has a definition and nothing in the cluster', () => {
    const web = application('web', { sync: 'manual' });
    const scenario = new Scenario().settled(DB).commit('c2', [DB, web]);
    expect(inForceOf(scenario.state)).toEqual({ definitions: { db: DB, web }, deployed: ['db'] });
  });
});
