import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCircle, withoutCircles, type Dependencies } from '../../src/app/dependency-graph.js';

describe('app/dependency-graph', () => {
  it.each<[string, Dependencies, readonly string[] | undefined]>([
    ['a chain', { a: ['b'], b: ['c'], c: [] }, undefined],
    ['two ways to the same', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, undefined],
    ['itself', { a: ['a'] }, ['a', 'a']],
    ['each other', { a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
    ['a circle further on', { a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c', 'b']],
    ['an unknown name', { a: ['x'] }, undefined],
  ])('a circle in %s', (_what, dependencies, circle) => {
    expect(findCircle(dependencies, 'a')).toEqual(circle);
  });

  it('leaves out what is unknown or closes a circle, and nothing else', () => {
    expect(withoutCircles({ a: ['b', 'x'], b: ['a', 'c'], c: [] })).toEqual({ a: ['b'], b: ['c'], c: [] });
  });

  it('leaves no circle, and what has none stays as it is', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const lists = fc.uniqueArray(names);
    fc.assert(
      fc.property(fc.record({ a: lists, b: lists, c: lists, d: lists, e: lists }), (dependencies) => {
        const kept = withoutCircles(dependencies);
        expect(Object.keys(kept).map((name) => findCircle(kept, name))).toEqual(Array(5).fill(undefined));
        if (Object.keys(dependencies).every((name) => findCircle(dependencies, name) === undefined)) {
          expect(kept).toEqual(dependencies);
        }
      }),
    );
  });
});
