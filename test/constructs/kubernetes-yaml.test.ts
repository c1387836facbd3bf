import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml, readKubernetesYaml, writeKubernetesYaml } from '../../src/constructs/kubernetes-yaml.js';

const valueOf = (text: string): unknown => parseKubernetesYaml(text)[0]?.value;

describe('constructs/kubernetes-yaml', () => {
  describe('plain scalars', () => {
    it.each([
      ['.', '.'],
      ['-.', '-.'],
      ['e5', 'e5'],
      ['.e3', '.e3'],
      ['123e4567', '123e4567'],
      ['12e3', 12000],
      ['1.', 1],
      ['.5', 0.5],
      ['1_000.5', 1000.5],
      ['0o644', 420],
      ['-0o17', -15],
      ['0X1f', 31],
      ['0644', 420],
      ['190:20:30', '190:20:30'],
    ])('%s is what Go takes it for', (text, expected) => {
      expect(valueOf(`a: ${text}`)).toEqual({ a: expected });
    });
  });

  it.each([
    ['single', "rule: 'a == ''b'' ||\n", "    c'\n", "a == 'b' || c"],
    ['single, broken after a quote', "rule: 'a == ''b''\n", "    || c'\n", "a == 'b' || c"],
    ['double', 'rule: "a \\"b\\" ||\n', '    c"\n', 'a "b" || c'],
  ])('joins lines in %s quotes that are indented less than their key', (_what, first, second, expected) => {
    const text = `spec:\n      ${first}${second}      more: 1\n---\nx: 1\n`;
    expect(parseKubernetesYaml(text)).toEqual([
      { value: { spec: { rule: expected, more: 1 } }, line: 1 },
      { value: { x: 1 }, line: 6 },
    ]);
  });

  it('finds a quote that nothing closes, and the document after it', () => {
    expect(readKubernetesYaml("a: 'x\n---\nb: 1\n")).toEqual([
      { line: 2, problem: 'not valid YAML (missing char)' },
      { value: { b: 1 }, line: 3, repeated: [] },
    ]);
  });

  it('keeps the bounds of a schema as the floating-point numbers that they are', () => {
    const schema = 'spec: {properties: {size: {maximum: 9223372036854775807}}}';
    expect(valueOf(`kind: CustomResourceDefinition\n${schema}`)).toMatchObject({
      spec: { properties: { size: { maximum: 2 ** 63 } } },
    });
    expect(() => valueOf(`kind: Other\n${schema}`)).toThrow('a number is too large to be kept exactly');
  });

  it('throws at the second of two equal keys, which reading one by one reports', () => {
    expect(() => parseKubernetesYaml('a: 1\nb: 2\na: 3')).toThrow('a key is there twice in one map');
    expect(readKubernetesYaml('a: 1\nb: 2\na: 3')).toEqual([{ value: { a: 3, b: 2 }, line: 1, repeated: [3] }]);
  });

  it('writes what it reads back the same', () => {
    const value = {
      a: '0o644',
      b: 'e5',
      c: '.',
      d: 'yes',
      e: '0644',
      f: 'x\n y\n',
      g: 2 ** 40,
      h: '12:30:00',
      i: null,
    };
    expect(valueOf(writeKubernetesYaml(value))).toEqual(value);
  });
});
