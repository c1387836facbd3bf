import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../src/app/desired-state.js';
import { judgeDependencies } from '../../src/synth/judge-dependencies.js';
import { application } from '../driver/core/scenario.js';

function judge(dependencies: Readonly<Record<string, readonly string[]>>) {
  const apps = Object.entries(dependencies).map<[string, DesiredApp]>(([name, dependsOn]) => [
    name,
    { ...application(name), dependsOn },
  ]);
  const failed = { broken: { message: 'boom' } };
  return judgeDependencies({ apps: Object.fromEntries(apps), disabled: ['off'], failed });
}

describe('synth/judge-dependencies', () => {
  it('accepts what is there, also when it failed', () => {
    expect(judge({ web: ['db', 'broken'], db: [] })).toEqual({});
  });

  it.each([
    ['an unknown name', { web: ['dv'], db: [] }, { web: 'dependsOn "dv", which is no application' }],
    ['one that is switched off', { web: ['off'] }, { web: 'dependsOn "off", which is switched off' }],
    ['itself', { web: ['web'] }, { web: 'applications wait for each other: web -> web' }],
    [
      'a circle, in each that is part of it and in no other',
      { a: ['b'], b: ['c'], c: ['a'], d: ['a'] },
      {
        a: 'applications wait for each other: a -> b -> c -> a',
        b: 'applications wait for each other: b -> c -> a -> b',
        c: 'applications wait for each other: c -> a -> b -> c',
      },
    ],
  ])('refuses %s', (_what, dependencies, messages) => {
    const refused = judge(dependencies);
    expect(Object.fromEntries(Object.entries(refused).map(([name, { message }]) => [name, message]))).toEqual(messages);
    expect(Object.entries(refused).every(([name, { location }]) => location === `apps/${name}/app.ts`)).toBe(true);
  });
});
