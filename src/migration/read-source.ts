import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { findKustomization, type Kustomization, kustomizationTree } from './kustomization.js';
import { ksopsFiles, withoutKsops } from './ksops.js';
import { parseManifests } from './parse-manifests.js';
import { readManifests, type ReadOptions } from './read-manifests.js';
import type { Kustomize } from './run-kustomize.js';
import type { EncryptedSecret, ReadObjects, SourceObject } from './source-object.js';

/**
 * Reads a file, a folder of manifests, or a kustomization, which is built with the real Kustomize.
 * @throws ConfigError `config/invalid` when something cannot be read or built
 */
export async function readSource(path: string, kustomize: Kustomize, options: ReadOptions = {}): Promise<ReadObjects> {
  const kustomization = await findKustomization(path);
  return kustomization === undefined ? readManifests(path, options) : readKustomization(path, kustomize, options.label);
}

async function readKustomization(path: string, kustomize: Kustomize, label?: string): Promise<ReadObjects> {
  const tree = await kustomizationTree(path);
  const helm = tree.some((one) => (one.helmCharts ?? one.helmChartInflationGenerator) !== undefined);
  const text = await withoutKsops(tree, path, (folder) => kustomize(folder, { helm }));
  const read = parseManifests(text, `kustomize build ${label ?? (relative(process.cwd(), path) || '.')}`);
  const encrypted = await encryptedFilesOf(tree);
  return { ...read, objects: read.objects.map((object) => noteHash(withFile(object, encrypted))) };
}

/** Kustomize copies what SOPS encrypted, but only the file as it was can be decrypted. */
async function encryptedFilesOf(tree: readonly Kustomization[]): Promise<ReadonlyMap<string, EncryptedSecret>> {
  const paths = tree.flatMap(({ file, resources }) => resources.map((path) => join(dirname(file), path)));
  const found = new Map<string, EncryptedSecret>();
  for (const path of [...paths, ...(await ksopsFiles(tree))]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    const objects = text === undefined ? [] : parseManifests(text, path).objects;
    objects.forEach(({ encrypted }) => encrypted && found.set(encrypted.ciphertext, encrypted));
  }
  return found;
}

function withFile(object: SourceObject, known: ReadonlyMap<string, EncryptedSecret>): SourceObject {
  const encrypted = object.encrypted && known.get(object.encrypted.ciphertext);
  return encrypted === undefined ? object : { ...object, encrypted };
}

/** Generated names keep their hash, so that nothing is replaced; without Kustomize it no longer follows the content. */
function noteHash(object: SourceObject): SourceObject {
  const { kind, metadata } = object.manifest;
  if (!['ConfigMap', 'Secret'].includes(kind) || !/-[bcdfghkmt2456789]{10}$/.test(metadata.name)) {
    return object;
  }
  const note =
    object.encrypted !== undefined
      ? 'the hash in its name is that of the encrypted text: correct it'
      : 'its name keeps the hash of its generator, which no longer follows the content';
  return { ...object, notes: [...object.notes, note] };
}
