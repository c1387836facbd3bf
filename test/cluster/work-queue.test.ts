import { describe, expect, it } from 'vitest';
import { WorkQueue } from '../../src/cluster/work-queue.js';
import { settle } from './fake-clock.js';

function create(concurrency: number) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const queue = new WorkQueue<string>(concurrency, (item) => {
    begun.push(item);
    return new Promise((resolve) => ends.set(item, resolve));
  });
  const end = async (item: string): Promise<void> => {
    ends.get(item)?.();
    await settle();
  };
  return { queue, begun, end };
}

describe('cluster/work-queue', () => {
  it('no more than the given number run at once, and the next begins when one ends', async () => {
    const { queue, begun, end } = create(2);
    ['a', 'b', 'c'].forEach((item) => queue.add(item, 'bulk'));
    expect(begun).toEqual(['a', 'b']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('urgent items overtake bulk ones, also when they waited as bulk', async () => {
    const { queue, begun, end } = create(1);
    ['a', 'b', 'c'].forEach((item) => queue.add(item, 'bulk'));
    queue.add('c', 'urgent');
    await end('a');
    expect(begun).toEqual(['a', 'c']);
  });

  it('an item that is asked for twice while it waits is worked on once', async () => {
    const { queue, begun, end } = create(1);
    ['a', 'b', 'b'].forEach((item) => queue.add(item, 'urgent'));
    await end('a');
    await end('b');
    expect(begun).toEqual(['a', 'b']);
  });

  it('an item that is asked for while its work runs is worked on once more, and never twice at a time', async () => {
    const { queue, begun, end } = create(4);
    queue.add('a', 'bulk');
    queue.add('a', 'bulk');
    queue.add('a', 'urgent');
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'a']);
    await end('a');
    expect(begun).toEqual(['a', 'a']);
  });

  it('settle resolves when the work that was asked for is done', async () => {
    const { queue, end } = create(1);
    queue.add('a', 'bulk');
    let isSettled = false;
    const settled = queue.settle('a').then(() => {
      isSettled = true;
    });
    await end('a');
    expect(isSettled).toBe(false);
    await end('a');
    await settled;
    expect(isSettled).toBe(true);
  });

  it('a removed item is not worked on, and who waits for it goes on', async () => {
    const { queue, begun, end } = create(1);
    queue.add('a', 'bulk');
    const settled = queue.settle('b');
    queue.remove('b');
    await settled;
    await end('a');
    expect(begun).toEqual(['a']);
  });

  it('after stop nothing begins, and nobody waits for ever', async () => {
    const { queue, begun, end } = create(1);
    queue.add('a', 'bulk');
    const settled = queue.settle('b');
    queue.stop();
    await settled;
    await queue.settle('c');
    await end('a');
    expect(begun).toEqual(['a']);
  });
});
