import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { canonicalJson } from '../../app/canonical-json.js';
import { parseImage, repositoryOf } from '../../app/image.js';
import { imagesIn } from '../../app/images-in-objects.js';
import { groupOf } from '../../app/manifest.js';
import { hookOf, writtenHook } from '../../app/stages.js';
import { ConfigError } from '../../base/errors.js';
import type { ImportRequest } from '../import-app.js';
import { readSource } from '../read-source.js';
import type { Kustomize } from '../run-kustomize.js';
import type { LeftOut, SourceObject } from '../source-object.js';
import { withoutRepetitions } from '../unique-objects.js';
import { expandApplicationSet } from './application-set.js';
import { readSources } from './application-sources.js';
import { ignoreRulesOf } from './ignore-rules.js';
import { policiesOfAnnotations, policiesOfUpdaters } from './image-policies.js';
import { applicationSpecSchema, type ImageUpdaterSpec, imageUpdaterSpecSchema } from './schema.js';
import { syncOf } from './sync-policy.js';

/** An application to be imported, and what of it is not. */
export interface ArgoImport {
  readonly request: ImportRequest;
  readonly skipped: readonly LeftOut[];
  readonly refused: readonly LeftOut[];
}

/** What reading Applications found. */
export interface ArgoImports {
  readonly applications: readonly ArgoImport[];
  /** Applications and documents of which nothing is imported. */
  readonly skipped: readonly LeftOut[];
  /** Applications and documents that could not be imported. */
  readonly refused: readonly LeftOut[];
}

/**
 * Reads the Applications of a file or folder and the objects of their local paths. Applications that only bring other Applications are
 * followed; ApplicationSets and ImageUpdaters are taken into account.
 * @param repository the folder that paths are relative to
 * @throws ConfigError `config/invalid`
 */
export async function readApplications(path: string, repository: string, kustomize: Kustomize): Promise<ArgoImports> {
  const reader = new ApplicationReader(repository, kustomize);
  const { objects, skipped, refused } = await readSource(path, kustomize);
  await reader.addAll(objects);
  return {
    applications: reader.finish(),
    skipped: [...skipped, ...reader.skipped],
    refused: [...refused, ...reader.refused],
  };
}

interface Found extends Omit<ArgoImport, 'request'> {
  readonly request: ImportRequest;
  readonly annotations: Readonly<Record<string, string>>;
}

class ApplicationReader {
  readonly skipped: LeftOut[] = [];
  readonly refused: LeftOut[] = [];
  readonly #repository: string;
  readonly #kustomize: Kustomize;
  readonly #found = new Map<string, Found>();
  readonly #updaters: ImageUpdaterSpec[] = [];
  readonly #visited = new Set<string>();

  constructor(repository: string, kustomize: Kustomize) {
    this.#repository = resolve(repository);
    this.#kustomize = kustomize;
  }

  async addAll(objects: readonly SourceObject[]): Promise<void> {
    for (const object of objects) {
      try {
        await this.#add(object);
      } catch (error) {
        if (!(error instanceof ConfigError)) {
          throw error;
        }
        this.refused.push({ origin: object.origin, reason: error.message });
      }
    }
  }

  /** Image Updater's resources may come after the Applications that they are about. */
  finish(): ArgoImport[] {
    return [...this.#found.values()].map(({ request, skipped, refused, annotations }) => {
      const nameOf = namesIn(request.objects);
      const policies = [
        ...policiesOfAnnotations(annotations, nameOf),
        ...policiesOfUpdaters(request.name, this.#updaters, nameOf),
      ];
      const notes = policies.flatMap((policy) => policy.notes);
      const comment = [...(request.comment ?? []), ...notes];
      return { request: { ...request, images: policies, comment }, skipped, refused };
    });
  }

  async #add(object: SourceObject): Promise<void> {
    const { kind, metadata, spec } = object.manifest;
    switch (kind) {
      case 'Application':
        return this.#addApplication(object);
      case 'ApplicationSet':
        return this.addAll(expandApplicationSet(object, () => foldersOf(this.#repository)));
      case 'ImageUpdater':
        this.#updaters.push(checked(imageUpdaterSpecSchema.safeParse(spec), object));
        return undefined;
      case 'AppProject':
        return this.#skip(object, 'projects limit what Applications may do; there is nothing like them here');
      default:
        return this.#skip(object, `${kind} ${metadata.name} is no Application; import it by its own folder`);
    }
  }

  async #addApplication(object: SourceObject): Promise<void> {
    const { name, annotations = {} } = object.manifest.metadata;
    if (this.#visited.has(name)) {
      return;
    }
    this.#visited.add(name);
    const spec = checked(applicationSpecSchema.safeParse(object.manifest.spec), object);
    const namespace = spec.destination?.namespace ?? 'default';
    const read = await readSources(spec, object, {
      repository: this.#repository,
      kustomize: this.#kustomize,
      namespace,
    });
    const { objects, skipped, refused } = withoutRepetitions(read, namespace);
    const others = objects.filter(isArgoObject);
    await this.addAll(others);
    const own = objects.filter((one) => !isArgoObject(one)).map(withNotes);
    if (own.length === 0) {
      this.skipped.push(...skipped);
      this.refused.push(...refused);
      return others.length > 0
        ? undefined
        : this.#skip(object, `Application ${name} has no objects that could be imported`);
    }
    const ignored = ignoreRulesOf(spec.ignoreDifferences ?? []);
    const request = {
      name,
      namespace,
      objects: own,
      sync: syncOf(spec),
      ignoreDifferences: ignored.rules,
      comment: [`Imported from the Argo CD Application in ${object.origin.file}.`, ...ignored.notes],
    };
    this.#found.set(name, { request, skipped, refused, annotations });
  }

  #skip({ origin }: SourceObject, reason: string): void {
    this.skipped.push({ origin, reason });
  }
}

/** Image Updater takes `nginx` and `docker.io/library/nginx` for the same; a policy here names an image as the objects do. */
function namesIn(objects: readonly SourceObject[]): (image: string) => string {
  const used = imagesIn(objects.map(({ manifest }) => manifest)).map((image) => parseImage(image).name);
  const placeOf = (name: string): string => canonicalJson(repositoryOf(name));
  return (image) => used.find((name) => placeOf(name) === placeOf(image)) ?? image;
}

/** What of Argo CD's order of things has no counterpart. */
function withNotes(object: SourceObject): SourceObject {
  const { manifest } = object;
  const unfollowed = writtenHook(manifest) !== undefined && hookOf(manifest) === undefined;
  const note = 'its hook is kept, but not followed: only Jobs of PreSync, Sync and PostSync are';
  return unfollowed ? { ...object, notes: [...object.notes, note] } : object;
}

function isArgoObject({ manifest }: SourceObject): boolean {
  return (
    ['argoproj.io', 'argocd-image-updater.argoproj.io'].includes(groupOf(manifest.apiVersion)) &&
    ['Application', 'ApplicationSet', 'AppProject', 'ImageUpdater'].includes(manifest.kind)
  );
}

function checked<T>(
  parsed:
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] };
      },
  { manifest }: SourceObject,
): T {
  if (parsed.success) {
    return parsed.data;
  }
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new ConfigError(
    'config/invalid',
    `${manifest.kind} ${manifest.metadata.name}: spec.${path} is not as expected`,
  );
}

/** Folders of a repository, relative to it. */
function foldersOf(root: string): string[] {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).some((part) => part.startsWith('.') || part === 'node_modules'))
    .sort();
}

/** The repository that a file is in: the nearest folder above with `.git`, else the file's own. */
export function findRepository(path: string): string {
  for (let folder = resolve(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) {
      return folder;
    }
  }
  return dirname(resolve(path));
}
