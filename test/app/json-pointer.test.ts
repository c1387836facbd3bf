import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointerSteps, pointerTo } from '../../src/app/json-pointer.js';

describe('app/json-pointer', () => {
  it.each([
    { pointer: '', steps: [] },
    { pointer: '/spec/replicas', steps: ['spec', 'replicas'] },
    { pointer: '/metadata/labels/app.kubernetes.io~1name', steps: ['metadata', 'labels', 'app.kubernetes.io/name'] },
    { pointer: '/a~01', steps: ['a~1'] },
  ])('"$pointer" has the steps $steps', ({ pointer, steps }) => {
    expect(pointerSteps(pointer)).toEqual(steps);
    expect(pointerTo(steps)).toBe(pointer);
  });

  it('any steps come back', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (steps) => {
        expect(pointerSteps(pointerTo(steps))).toEqual(steps);
      }),
    );
  });
});
