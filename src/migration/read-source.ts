import { relative } from 'node:path';
import { findKustomization, kustomizationTree } from './kustomization.js';
import { withoutKsops } from './ksops.js';
import { parseManifests } from './parse-manifests.js';
import { readManifests, type ReadOptions } from './read-manifests.js';
import type { Kustomize } from './run-kustomize.js';
import type { ReadObjects, SourceObject } from './source-object.js';

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
  return { ...read, objects: read.objects.map(noteHash) };
}

/** Generated names keep their hash, so that nothing is replaced; without Kustomize it no longer follows the content. */
function noteHash(object: SourceObject): SourceObject {
  const { kind, metadata } = object.manifest;
  if (!['ConfigMap', 'Secret'].includes(kind) || !/-[bcdfghkmt2456789]{10}$/.test(metadata.name)) {
    return object;
  }
  const note =
    object.encrypted === true
      ? 'the hash in its name is that of the encrypted text: correct it'
      : 'its name keeps the hash of its generator, which no longer follows the content';
  return { ...object, notes: [...object.notes, note] };
}
