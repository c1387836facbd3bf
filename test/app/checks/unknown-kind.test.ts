import { describe, expect, it } from 'vitest';
import { checkState } from '../../../src/app/checks/check-state.js';
import { app, object, revision } from './revision.js';

const THING = object('Thing', 'one', {}, 'example.com/v1');

describe('app/checks/unknown-kind', () => {
  it.each([
    [1, 'this object is not checked'],
    [3, '3 objects are not checked'],
  ])('%i of a kind are told once, as a warning', (objects, text) => {
    const schema = { problems: [], unchecked: [{ kind: 'example.com/v1 Thing', index: 0, objects }] };
    const { apps, findings } = checkState(revision([app('x', [THING], { schema })]));
    expect(Object.keys(apps)).toEqual(['x']);
    expect(findings).toMatchObject([
      { rule: 'unknown-kind', severity: 'warning', object: { kind: 'Thing', name: 'one' } },
    ]);
    expect(findings?.[0]?.message).toContain(text);
  });
});
