import type { Manifest } from '../../app/manifest.js';
import { ConfigError } from '../../base/errors.js';
import type { SourceObject } from '../source-object.js';
import { globPattern } from './image-policies.js';
import { applicationSetSpecSchema } from './schema.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * The Applications of an ApplicationSet with list generators, or git generators over directories.
 * @param listFolders the folders of the repository, relative to it
 * @throws ConfigError `config/invalid` where another generator is used
 */
export function expandApplicationSet(object: SourceObject, listFolders: () => readonly string[]): SourceObject[] {
  const { name } = object.manifest.metadata;
  const parsed = applicationSetSpecSchema.safeParse(object.manifest.spec);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(
      'config/invalid',
      `ApplicationSet ${name}: spec.${issue?.path.join('.') ?? ''} is not as expected`,
    );
  }
  const { generators, template } = parsed.data;
  return generators.flatMap(({ list, git }) => {
    if (list === undefined && git?.directories === undefined) {
      throw new ConfigError(
        'config/invalid',
        `ApplicationSet ${name} has a generator that is neither a list nor git directories`,
      );
    }
    const elements: readonly Values[] =
      list?.elements ?? foldersOf(git?.directories ?? [], listFolders()).map(pathValues);
    return elements.map((values) => {
      const filled = fill(template, values) as typeof template;
      const manifest = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...filled } as unknown as Manifest;
      return { ...object, manifest };
    });
  });
}

function foldersOf(
  directories: readonly { readonly path: string; readonly exclude?: boolean | undefined }[],
  folders: readonly string[],
): string[] {
  const fits = (folder: string, exclude: boolean): boolean =>
    directories.some((one) => (one.exclude === true) === exclude && folderPattern(one.path).test(folder));
  return folders.filter((folder) => fits(folder, false) && !fits(folder, true));
}

/** A star does not go into folders below. */
function folderPattern(path: string): RegExp {
  return new RegExp(globPattern(path).source.replaceAll('.*', '[^/]*'));
}

function pathValues(path: string): Values {
  const segments = path.split('/');
  return { path: { path, basename: segments.at(-1), segments }, 'path.basename': segments.at(-1) };
}

/** Both kinds of templates, as far as they only name a value: `{{name}}` and `{{ .name }}`. */
function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{-?\s*\.?([\w.-]+)\s*-?\}\}/g, (whole, path: string) => textAt(values, path) ?? whole);
  }
  if (Array.isArray(value)) {
    return value.map((item) => fill(item, values));
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]))
    : value;
}

function textAt(values: Values, path: string): string | undefined {
  const direct = values[path];
  const found = direct ?? path.split('.').reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], values);
  if (path === 'path') {
    return (values.path as { path?: string } | undefined)?.path;
  }
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined;
}
