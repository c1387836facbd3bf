import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../base/errors.js';
import { parseKubernetesYaml } from '../constructs/kubernetes-yaml.js';

/** The names that Kustomize looks for, in its order. */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const kustomizationSchema = z.looseObject({
  namespace: z.string().optional(),
  resources: texts,
  bases: texts,
  components: texts,
  generators: texts,
  helmCharts: z.array(z.unknown()).optional(),
  helmChartInflationGenerator: z.array(z.unknown()).optional(),
});

/** The parts of a kustomization that say how it has to be built. */
export interface Kustomization extends z.infer<typeof kustomizationSchema> {
  /** The path of its file. */
  readonly file: string;
}

/** The kustomization of a folder; undefined where it has none. */
export async function findKustomization(folder: string): Promise<Kustomization | undefined> {
  for (const name of KUSTOMIZATION_FILES) {
    const file = join(folder, name);
    const text = (await isThere(file)) ? await readFile(file, 'utf8') : undefined;
    if (text !== undefined && !isFluxObject(text)) {
      return parseKustomization(text, file);
    }
  }
  return undefined;
}

/** Whether a file named like a kustomization is an object of Flux, which says where Flux finds one. */
export function isFluxObject(text: string): boolean {
  return /^\s*apiVersion:\s*["']?kustomize\.toolkit\.fluxcd\.io\//m.test(text);
}

/** A kustomization and those that it is made of, itself first; each once. Remote ones are left to Kustomize. */
export async function kustomizationTree(folder: string, seen = new Set<string>()): Promise<Kustomization[]> {
  const path = resolve(folder);
  const own = seen.has(path) ? undefined : await findKustomization(path);
  seen.add(path);
  if (own === undefined) {
    return [];
  }
  const below: Kustomization[] = [];
  for (const reference of [...own.resources, ...own.bases, ...own.components]) {
    below.push(...(await kustomizationTree(join(path, reference), seen)));
  }
  return [own, ...below];
}

/** The deepest folder that holds all of the kustomizations. */
export function commonFolder(kustomizations: readonly Kustomization[]): string {
  const [first = '', ...rest] = kustomizations.map(({ file }) => dirname(file));
  return rest.reduce((common, folder) => {
    const [a, b] = [common.split(sep), folder.split(sep)];
    const length = a.findIndex((part, index) => part !== b[index]);
    return length < 0 ? common : a.slice(0, length).join(sep) || sep;
  }, first);
}

function parseKustomization(text: string, file: string): Kustomization {
  try {
    const [document] = parseKubernetesYaml(text);
    return { ...kustomizationSchema.parse(document?.value ?? {}), file };
  } catch (error) {
    const line = error instanceof Error && 'line' in error ? `, line ${String(error.line)}` : '';
    throw new ConfigError('config/invalid', `${file}${line} is not a kustomization`, { cause: error });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
