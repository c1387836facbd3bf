import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';

describe('base/logger', () => {
  it('the silent logger takes everything, and its children are silent too', () => {
    const child = silentLogger.child({ app: 'mysql' });

    expect(child).toBe(silentLogger);
    expect([child.debug('a'), child.info('a'), child.warn('a', { b: 1 }), child.error('a')]).toEqual(
      Array(4).fill(undefined),
    );
  });
});
