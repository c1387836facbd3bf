import { describe, expect, it } from 'vitest';
import { tableOf } from './table.js';

describe('test/bench/table', () => {
  it('shows measures, ratios and notes under one heading, in columns', () => {
    const table = tableOf({
      apps: 6,
      measures: [
        { name: 'a step', unit: 'ms', min: 9.94, median: 100.4, max: 2000.6 },
        { name: 'runs', unit: 'runs', min: 0, median: 0, max: 0 },
      ],
      ratios: [{ name: 'a step / another', min: 0.123, median: 1, max: 12.3 }],
      notes: ['something was left out'],
    });
    expect(table.split('\n')).toEqual([
      '6 applications of 5 objects  unit   min  median   max',
      'a step                       ms     9.9     100  2001',
      'runs                         runs   0.0     0.0   0.0',
      'a step / another             x     0.12     1.0    12',
      'note: something was left out',
    ]);
  });
});
