import { describe, expect, it } from 'vitest';
import { defineApp } from '../../src/app/define-app.js';

describe('app/define-app', () => {
  it('an application is what was written, and can be told from other exports', () => {
    const build = (): undefined => undefined;

    expect(defineApp({ namespace: 'prodesk', sync: 'manual', build })).toEqual({
      namespace: 'prodesk',
      sync: 'manual',
      build,
      isProdeskApp: true,
    });
  });
});
