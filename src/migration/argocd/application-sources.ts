import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { ConfigError } from '../../base/errors.js';
import { isInside } from '../inside.js';
import { readSource } from '../read-source.js';
import type { Kustomize } from '../run-kustomize.js';
import { type ReadObjects, type SourceObject, together } from '../source-object.js';
import { chartObject } from './chart-source.js';
import type { ApplicationSpec, ArgoSource } from './schema.js';

/** What reading an Application's sources needs. */
export interface SourceReader {
  /** The folder that paths are relative to. */
  readonly repository: string;
  readonly kustomize: Kustomize;
  /** Where the Application puts its objects. */
  readonly namespace: string;
}

/**
 * The objects of all sources of an Application.
 * @throws ConfigError `config/invalid` when a path cannot be read
 */
export async function readSources(
  spec: ApplicationSpec,
  application: SourceObject,
  reader: SourceReader,
): Promise<ReadObjects> {
  const parts: ReadObjects[] = [];
  for (const source of sourcesOf(spec)) {
    parts.push(await readOne(source, application, reader));
  }
  return together(parts);
}

function sourcesOf({ source, sources }: ApplicationSpec): readonly ArgoSource[] {
  return sources ?? (source === undefined ? [] : [source]);
}

async function readOne(source: ArgoSource, application: SourceObject, reader: SourceReader): Promise<ReadObjects> {
  const { origin, manifest } = application;
  const none = (reason: string): ReadObjects => ({
    objects: [],
    skipped: [],
    refused: [{ origin, reason: `Application ${manifest.metadata.name}: ${reason}` }],
  });
  if (isChart(source)) {
    const place = { application: manifest.metadata.name, namespace: reader.namespace, repository: reader.repository };
    return { objects: [await chartObject(source, application, place)], skipped: [], refused: [] };
  }
  if (source.path === undefined) {
    return source.ref === undefined ? none('a source without a path') : { objects: [], skipped: [], refused: [] };
  }
  if (source.plugin !== undefined) {
    return none('a source with a plugin of Argo CD');
  }
  const path = resolvePath(reader.repository, source.path);
  if (existsSync(join(path, 'Chart.yaml'))) {
    return none(`${source.path} is a Helm chart; import what \`helm template\` prints`);
  }
  return readPath(path, source, reader);
}

function isChart(source: ArgoSource): source is ArgoSource & { readonly chart: string } {
  return source.chart !== undefined;
}

async function readPath(
  path: string,
  { kustomize, directory }: ArgoSource,
  reader: SourceReader,
): Promise<ReadObjects> {
  const options = { recurse: directory?.recurse === true };
  if (kustomize === undefined || Object.keys(kustomize).length === 0) {
    return readSource(path, reader.kustomize, options);
  }
  const folder = await mkdtemp(join(tmpdir(), 'prodesk-argocd-'));
  try {
    const { images, commonLabels, components, ...rest } = kustomize;
    const kustomization = {
      resources: [relative(folder, path)],
      ...rest,
      ...(images === undefined ? {} : { images: images.map(imageOverride) }),
      ...(components === undefined ? {} : { components: components.map((one) => relative(folder, join(path, one))) }),
      ...(commonLabels === undefined ? {} : { labels: [{ pairs: commonLabels, includeSelectors: true }] }),
    };
    await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return await readSource(folder, reader.kustomize, { ...options, label: relative(reader.repository, path) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A path of the repository, and not of the machine. */
function resolvePath(repository: string, path: string): string {
  const resolved = resolve(repository, path);
  if (!isInside(repository, resolved)) {
    throw new ConfigError('config/invalid', `its path "${path}" leaves the repository`);
  }
  if (!existsSync(resolved)) {
    throw new ConfigError(
      'config/invalid',
      `its path "${path}" is not in ${repository}; name the repository's folder with --repository`,
    );
  }
  return resolved;
}

/** `name=new:tag`, `name:tag`, `new:tag` or with a digest, as Argo CD writes it. */
export function imageOverride(text: string): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  const target = text.slice(equals + 1);
  const [rest = '', digest] = target.split('@');
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  const newName = hasTag ? rest.slice(0, colon) : rest;
  return {
    name: equals < 0 ? newName : text.slice(0, equals),
    newName,
    ...(hasTag ? { newTag: rest.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}
