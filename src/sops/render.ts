import { stringify } from 'yaml';
import type { SopsFormat } from './document.js';
import { isList, isMap, textOfLeaf, type Leaf, type Tree, type TreeMap } from './tree.js';

/** The key under which SOPS keeps a file that is of no format it knows. */
const BINARY_KEY = 'data';

/** A decrypted file as text; undefined for a binary one without content. */
export function renderFile(values: TreeMap, format: SopsFormat): string | undefined {
  switch (format) {
    case 'yaml':
      return stringify(values, { lineWidth: 0 });
    case 'json':
      return `${json(values)}\n`;
    case 'dotenv':
      return [...values].map(([key, value]) => `${key}=${valueText(value)?.replaceAll('\n', '\\n')}\n`).join('');
    case 'binary':
      return valueText(values.get(BINARY_KEY));
  }
}

/** A single value as a program would be given it; undefined for maps, lists, and what is not there. */
export function valueText(tree: Tree | undefined): string | undefined {
  if (tree === undefined || isMap(tree) || isList(tree)) {
    return undefined;
  }
  return typeof tree === 'boolean' ? String(tree) : textOfLeaf(tree);
}

/** JSON in the order of the file, with whole numbers of any size. */
function json(tree: Tree): string {
  if (isMap(tree)) {
    return `{${[...tree].map(([key, value]) => `${JSON.stringify(key)}: ${json(value)}`).join(', ')}}`;
  }
  return isList(tree) ? `[${tree.map(json).join(', ')}]` : jsonLeaf(tree);
}

function jsonLeaf(leaf: Leaf): string {
  return typeof leaf === 'bigint' ? String(leaf) : JSON.stringify(leaf);
}
