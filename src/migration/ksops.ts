import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../base/errors.js';
import { parseKubernetesYaml } from '../constructs/kubernetes-yaml.js';
import { commonFolder, type Kustomization } from './kustomization.js';

const generatorSchema = z.looseObject({
  kind: z.literal('ksops'),
  files: z.array(z.string()).default([]),
  secretFrom: z.array(z.unknown()).default([]),
});

/** A generator of KSOPS: a plugin that decrypts Secrets, which Kustomize alone does not run. */
interface KsopsGenerator {
  readonly kustomization: Kustomization;
  /** As the kustomization names it. */
  readonly name: string;
  /** The encrypted Secrets, relative to the kustomization. */
  readonly files: readonly string[];
}

/**
 * Builds kustomizations with their KSOPS generators replaced by the encrypted Secrets themselves, in a copy of their folders.
 * @throws ConfigError `config/invalid` when a generator is one that cannot be replaced
 */
export async function withoutKsops<T>(
  tree: readonly Kustomization[],
  folder: string,
  build: (folder: string) => Promise<T>,
): Promise<T> {
  const generators = await findGenerators(tree);
  if (generators.length === 0) {
    return build(folder);
  }
  const common = commonFolder(tree);
  const copy = await mkdtemp(join(tmpdir(), 'prodesk-kustomize-'));
  const moved = (path: string): string => join(copy, relative(common, path));
  try {
    await cp(common, copy, { recursive: true, filter: (path) => !['.git', 'node_modules'].includes(basename(path)) });
    for (const kustomization of tree) {
      const own = generators.filter((one) => one.kustomization === kustomization);
      if (own.length > 0) {
        await writeFile(moved(kustomization.file), stringify(withResources(kustomization, own)));
      }
    }
    return await build(moved(dirname(tree[0]?.file ?? folder)));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The encrypted files that KSOPS generators name. */
export async function ksopsFiles(tree: readonly Kustomization[]): Promise<string[]> {
  const generators = await findGenerators(tree);
  return generators.flatMap(({ kustomization, files }) => files.map((file) => join(dirname(kustomization.file), file)));
}

function withResources({ file: _, ...kustomization }: Kustomization, own: readonly KsopsGenerator[]): object {
  const names = own.map(({ name }) => name);
  return {
    ...kustomization,
    resources: [...kustomization.resources, ...own.flatMap(({ files }) => files)],
    generators: kustomization.generators.filter((name) => !names.includes(name)),
  };
}

async function findGenerators(tree: readonly Kustomization[]): Promise<KsopsGenerator[]> {
  const found: KsopsGenerator[] = [];
  for (const kustomization of tree) {
    for (const name of kustomization.generators) {
      const path = join(dirname(kustomization.file), name);
      const [document] = parseKubernetesYaml(await readFile(path, 'utf8').catch(() => ''));
      const { data: generator } = generatorSchema.safeParse(document?.value);
      if (generator === undefined) {
        continue;
      }
      if (generator.secretFrom.length > 0) {
        throw new ConfigError(
          'config/invalid',
          `${path}: secretFrom of KSOPS is not understood; list Secrets in files`,
        );
      }
      const files = generator.files.map((file) => join(dirname(name), file));
      found.push({ kustomization, name, files });
    }
  }
  return found;
}
