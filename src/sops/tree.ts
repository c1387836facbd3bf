/** A value without others below it. */
export type Leaf = string | number | bigint | boolean | null;
/** What a file holds. Maps keep the order of the file, on which the file's authentication code depends. */
export type Tree = Leaf | readonly Tree[] | TreeMap;
/** A map in the order of its file. */
export type TreeMap = ReadonlyMap<string, Tree>;

/** Whether a tree is a map. */
export function isMap(tree: Tree | undefined): tree is TreeMap {
  return tree instanceof Map;
}

/** Whether a tree is a list. */
export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

/** A tree as ordinary objects and arrays, in which maps have no order. */
export function plainOf(tree: Tree): unknown {
  if (isMap(tree)) {
    return Object.fromEntries([...tree].map(([key, value]) => [key, plainOf(value)]));
  }
  return isList(tree) ? tree.map(plainOf) : tree;
}

/** A leaf as SOPS writes it: what is encrypted, and what the authentication code covers. */
export function textOfLeaf(leaf: Leaf): string {
  if (typeof leaf === 'boolean') {
    return leaf ? 'True' : 'False';
  }
  return typeof leaf === 'number' ? withoutExponent(String(leaf)) : String(leaf ?? '');
}

/** `1e+21` as digits. */
function withoutExponent(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) {
    return text;
  }
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) {
    return `${sign}0.${'0'.repeat(-point)}${digits}`;
  }
  return point >= digits.length
    ? `${sign}${digits}${'0'.repeat(point - digits.length)}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
