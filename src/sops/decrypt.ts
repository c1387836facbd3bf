import { createHash, timingSafeEqual, type Hash } from 'node:crypto';
import { messageOf } from '../base/errors.js';
import { decryptValue } from './cipher.js';
import type { SopsDocument } from './document.js';
import type { SopsMetadata } from './metadata.js';
import { damaged } from './problem.js';
import { encryptionRuleOf, type EncryptionRule } from './rules.js';
import { isList, isMap, textOfLeaf, type Leaf, type Tree, type TreeMap } from './tree.js';

/** What the authentication code begins with in files whose code covers encrypted values alone; a constant of SOPS. */
const ONLY_ENCRYPTED = Buffer.from('8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69', 'hex');

interface Walk {
  readonly file: string;
  readonly dataKey: Uint8Array;
  readonly isEncrypted: EncryptionRule;
  readonly onlyEncrypted: boolean;
  readonly hash: Hash;
}

/**
 * Decrypts all values of a file and checks that none was changed, added, moved or taken away.
 * @throws StalledError `sops/damaged` naming the file
 */
export function decryptDocument({ values, metadata }: SopsDocument, dataKey: Uint8Array, file: string): TreeMap {
  const onlyEncrypted = metadata.mac_only_encrypted === true;
  const hash = createHash('sha512');
  if (onlyEncrypted) {
    hash.update(ONLY_ENCRYPTED);
  }
  const decrypted = walkMap(values, [], { file, dataKey, isEncrypted: ruleOf(metadata, file), onlyEncrypted, hash });
  if (!isAuthentic(hash.digest('hex').toUpperCase(), metadata, dataKey)) {
    throw damaged(
      file,
      'was changed after it was encrypted (its MAC does not match); restore it from Git, or use: sops edit',
    );
  }
  return decrypted;
}

function ruleOf(metadata: SopsMetadata, file: string): EncryptionRule {
  try {
    return encryptionRuleOf(metadata);
  } catch (error) {
    throw damaged(file, `cannot be read: ${messageOf(error)}`);
  }
}

function isAuthentic(computed: string, { mac, lastmodified }: SopsMetadata, dataKey: Uint8Array): boolean {
  const noted = decryptValue(mac, dataKey, lastmodified);
  const [a, b] = [Buffer.from(computed), Buffer.from(noted?.kind === 'value' ? noted.text : '')];
  return a.length === b.length && timingSafeEqual(a, b);
}

function walkMap(map: TreeMap, path: readonly string[], walk: Walk): TreeMap {
  const entries = [...map].map(([key, value]) => [key, walkTree(value, [...path, key], walk)] as const);
  return new Map(entries.filter((entry): entry is readonly [string, Tree] => entry[1] !== undefined));
}

/** The decrypted tree; undefined for a comment, which SOPS keeps among the items of a list. */
function walkTree(tree: Tree, path: readonly string[], walk: Walk): Tree | undefined {
  if (isMap(tree)) {
    return walkMap(tree, path, walk);
  }
  if (isList(tree)) {
    return tree.map((item) => walkTree(item, path, walk)).filter((item) => item !== undefined);
  }
  return tree === null ? null : walkLeaf(tree, path, walk);
}

function walkLeaf(leaf: Leaf, path: readonly string[], walk: Walk): Leaf | undefined {
  const { file, dataKey, isEncrypted, onlyEncrypted, hash } = walk;
  if (!isEncrypted(path)) {
    if (!onlyEncrypted) {
      hash.update(textOfLeaf(leaf));
    }
    return leaf;
  }
  const decrypted = typeof leaf === 'string' ? decryptValue(leaf, dataKey, `${path.join(':')}:`) : undefined;
  if (decrypted === undefined) {
    throw damaged(
      file,
      `has a value that cannot be decrypted, at ${path.join('.')}; restore it from Git, or use: sops edit`,
    );
  }
  if (decrypted.kind === 'comment') {
    return undefined;
  }
  hash.update(decrypted.text);
  return decrypted.value;
}
