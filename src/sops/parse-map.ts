import { isMap, isScalar, isSeq, parseAllDocuments, type Node, type YAMLMap } from 'yaml';
import { damaged } from './problem.js';
import type { Leaf, Tree } from './tree.js';

/**
 * Reads a YAML or JSON file whose top level is a map, in the order of the file.
 * @throws StalledError `sops/damaged` with the line and without its text
 */
export function parseMap(text: string, file: string): ReadonlyMap<string, Tree> {
  const documents = parseAllDocuments(text, { intAsBigInt: true, merge: false });
  const [document, second] = 'empty' in documents ? [] : documents;
  if (document === undefined || second !== undefined) {
    throw damaged(file, document === undefined ? 'is empty' : 'holds several documents; split it into one file each');
  }
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw damaged(file, `cannot be read: ${problem.code.toLowerCase()} in line ${problem.linePos?.[0].line ?? '?'}`);
  }
  if (!isMap(document.contents)) {
    throw damaged(file, 'must be a map of keys at its top level');
  }
  return mapOf(document.contents, file);
}

function mapOf(map: YAMLMap, file: string): ReadonlyMap<string, Tree> {
  return new Map(
    map.items.map(({ key, value }) => {
      const name = isScalar(key) ? key.value : key;
      if (typeof name !== 'string' && typeof name !== 'bigint') {
        throw damaged(file, 'has a key that is not a text');
      }
      return [String(name), treeOf(value as Node | null, file)];
    }),
  );
}

function treeOf(node: Node | null, file: string): Tree {
  if (node === null) {
    return null;
  }
  if (isMap(node)) {
    return mapOf(node, file);
  }
  if (isSeq(node)) {
    return node.items.map((item) => treeOf(item as Node | null, file));
  }
  if (!isScalar(node)) {
    throw damaged(file, 'holds an alias; write the value out');
  }
  return node.value as Leaf;
}
