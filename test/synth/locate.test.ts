import { describe, expect, it } from 'vitest';
import { locationOf, relativePaths } from '../../src/synth/locate.js';

describe('synth/locate', () => {
  it.each([
    [
      'a frame in the application wins over one deeper',
      'at /c/src/constructs/a.ts:1:1\nat file:///c/apps/x/app.ts:7:3',
      'apps/x/app.ts:7',
    ],
    ['a file of the application counts', 'at f (/c/apps/x/conf.ts:2:1)\nat /c/apps/x/app.ts:7:3', 'apps/x/conf.ts:2'],
    [
      'a syntax error has its place in the message',
      'Transform failed\n/c/apps/x/app.ts:3:5: ERROR: nope',
      'apps/x/app.ts:3',
    ],
    ['the library is better than nothing', 'at /c/src/constructs/a.ts:1:1', 'src/constructs/a.ts:1'],
    [
      'a missing module has a file without a line',
      "Cannot find module '/c/apps/x/y.js' imported from /c/apps/x/app.ts",
      'apps/x/app.ts',
    ],
    [
      'another folder of a like name does not count',
      'at /c/apps/xy/app.ts:1:1\nat /c2/apps/x/app.ts:2:2',
      'apps/xy/app.ts:1',
    ],
    ['nothing is nothing', 'at node:internal/process:1:1', undefined],
  ])('%s', (_rule, text, location) => {
    expect(locationOf(text, '/c', 'x')).toBe(location);
  });

  it('paths become relative', () => {
    expect(relativePaths('in file:///c/apps/x and /c/src', '/c')).toBe('in apps/x and src');
  });
});
