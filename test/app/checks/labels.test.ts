import { describe, expect, it } from 'vitest';
import { LabelIndex } from '../../../src/app/checks/labels.js';

type Labels = Readonly<Record<string, string>>;

/** A hundred things that share one label, and how often their labels were looked at since. */
function indexOfHundred(): { index: LabelIndex<Labels>; looks: () => number } {
  let looks = 0;
  const items = Array.from({ length: 100 }, (_, index) => ({ team: 'all', app: `app-${index}` }));
  const index = new LabelIndex<Labels>(items, (item) => ((looks += 1), item));
  looks = 0;
  return { index, looks: () => looks };
}

describe('app/checks/labels', () => {
  it('only things with the rarest label of a selector are looked at', () => {
    const { index, looks } = indexOfHundred();
    expect([...index.select({ matchLabels: { team: 'all', app: 'app-7' } })]).toEqual([{ team: 'all', app: 'app-7' }]);
    expect(looks()).toBe(1);
  });

  it('no more than what is asked for is looked at', () => {
    const { index, looks } = indexOfHundred();
    expect(index.select({ matchLabels: { team: 'all' } }).next().value).toEqual({ team: 'all', app: 'app-0' });
    expect(looks()).toBe(1);
  });

  it('a label that nothing has takes nothing', () => {
    expect([...indexOfHundred().index.select({ matchLabels: { team: 'none' } })]).toEqual([]);
  });

  it('an empty selector takes all', () => {
    expect([...indexOfHundred().index.select({})]).toHaveLength(100);
  });
});
