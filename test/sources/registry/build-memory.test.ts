import { describe, expect, it } from 'vitest';
import { BuildMemory } from '../../../src/sources/registry/build-memory.js';

const AMD64 = 'linux/amd64';
const REPOSITORY = 'ghcr.io/o/app';

function memoryOf(...tags: readonly (readonly [string, string])[]): BuildMemory {
  const memory = new BuildMemory(REPOSITORY);
  for (const [tag, digest] of tags) {
    memory.set(tag, { digest, seenAt: 1 }, AMD64, { kind: 'build', createdAt: 5 });
  }
  return memory;
}

function reread(memory: BuildMemory): BuildMemory {
  return BuildMemory.fromText(memory.toText(), REPOSITORY) ?? new BuildMemory('nothing');
}

describe('sources/registry/build-memory', () => {
  it.each([
    ['a build', { kind: 'build', createdAt: 5 }],
    ['a build without a time', { kind: 'build' }],
    ['a reason why there is none', { kind: 'none', reason: 'it is for arm64' }],
  ] as const)('%s is read back as it was', (_what, build) => {
    const memory = new BuildMemory(REPOSITORY);
    memory.set('v1', { digest: 'd1', seenAt: 7 }, AMD64, build);
    expect(reread(memory).tag('v1')).toEqual({ digest: 'd1', seenAt: 7 });
    expect(reread(memory).build('d1', AMD64)).toEqual(build);
    expect(reread(memory).build('d1', 'linux/arm64')).toBeUndefined();
  });

  it('a tag that moved keeps the time at which it was first seen', () => {
    const memory = memoryOf(['v1', 'd1']);
    memory.set('v1', { digest: 'd2', seenAt: 99 }, AMD64, { kind: 'build' });
    expect(memory.tag('v1')).toEqual({ digest: 'd2', seenAt: 1 });
  });

  it('digests that no tag points to any more are forgotten', () => {
    const memory = memoryOf(['v1', 'd1'], ['v2', 'd2']);
    memory.retain(['v2', 'v3']);
    const { tag, build } = { tag: reread(memory).tag('v1'), build: reread(memory).build('d1', AMD64) };
    expect([tag, build]).toEqual([undefined, undefined]);
    expect(reread(memory).build('d2', AMD64)).toBeDefined();
  });

  it('counts changes only', () => {
    const memory = memoryOf(['v1', 'd1']);
    const before = memory.changes;
    memory.set('v1', { digest: 'd1', seenAt: 9 }, AMD64, { kind: 'build', createdAt: 5 });
    memory.retain(['v1']);
    memory.delete('absent');
    expect(memory.changes).toBe(before);
    memory.delete('v1');
    expect(memory.changes).toBe(before + 1);
  });

  it('is bounded: with 20,000 tags a further one is not remembered', () => {
    const memory = memoryOf(...Array.from({ length: 20_001 }, (_item, index) => [`t${index}`, 'd'] as const));
    expect(memory.tag('t19999')).toBeDefined();
    expect(memory.tag('t20000')).toBeUndefined();
  });

  it.each([
    ['no JSON', 'x'],
    ['another version', JSON.stringify({ version: 2, repository: REPOSITORY, tags: [], builds: {} })],
    ['another repository', new BuildMemory('ghcr.io/o/other').toText()],
  ])('a file with %s is not used', (_what, text) => {
    expect(BuildMemory.fromText(text, REPOSITORY)).toBeUndefined();
  });
});
