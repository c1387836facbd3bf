import { parseImage } from '../../app/image.js';
import { call, type CodeValue, type Expression } from '../code.js';
import type { ImageUpdaterSpec, UpdateSettings } from './schema.js';

/** An image policy as the application's code writes it. */
export interface PolicyCode {
  /** The function of `src/app` that it calls. */
  readonly factory: string;
  readonly expression: Expression;
  /** What could not be said. */
  readonly notes: readonly string[];
}

/** The name that an image has in an application's objects. */
export type NameOf = (image: string) => string;

const asWritten: NameOf = (image) => image;
const PREFIX = 'argocd-image-updater.argoproj.io';

/** The policies that annotations of an Application ask for. */
export function policiesOfAnnotations(
  annotations: Readonly<Record<string, string>>,
  nameOf: NameOf = asWritten,
): PolicyCode[] {
  const list = annotations[`${PREFIX}/image-list`] ?? '';
  const entries = list.split(',').map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const equals = entry.indexOf('=');
      const alias = equals < 0 ? undefined : entry.slice(0, equals);
      const find = (name: string): string | undefined =>
        (alias === undefined ? undefined : annotations[`${PREFIX}/${alias}.${name}`]) ??
        annotations[`${PREFIX}/${name}`];
      return policyOf(entry.slice(equals + 1), nameOf, {
        updateStrategy: find('update-strategy'),
        allowTags: find('allow-tags'),
        ignoreTags: listOf(find('ignore-tags')),
        platforms: listOf(find('platforms')),
      });
    });
}

/** The policies that ImageUpdater resources ask for an Application of a name; the first reference that fits a resource counts. */
export function policiesOfUpdaters(
  application: string,
  updaters: readonly ImageUpdaterSpec[],
  nameOf: NameOf = asWritten,
): PolicyCode[] {
  return updaters.flatMap(({ commonUpdateSettings, applicationRefs }) => {
    const reference = applicationRefs.find(({ namePattern }) => globPattern(namePattern).test(application));
    return (reference?.images ?? []).map(({ imageName, commonUpdateSettings: own }) =>
      policyOf(imageName, nameOf, { ...commonUpdateSettings, ...reference?.commonUpdateSettings, ...own }),
    );
  });
}

type Settings = { readonly [Key in keyof UpdateSettings]: UpdateSettings[Key] | undefined };

function policyOf(image: string, nameOf: NameOf, settings: Settings): PolicyCode {
  const { name: written, tag: constraint } = parseImage(image);
  const name = nameOf(written);
  const { allow, notes } = allowOf(settings.allowTags);
  const ignore = (settings.ignoreTags ?? []).map((glob) => globPattern(glob).source);
  const filters = { allow, ignore: ignore.length === 0 ? undefined : ignore };
  const { platform, note } = platformOf(settings.platforms ?? []);
  const make = (factory: string, options: Readonly<Record<string, CodeValue>>): PolicyCode => {
    const all = { ...options, platform };
    const isEmpty = Object.values(all).every((value) => value === undefined);
    const expression = call(factory, name, ...(isEmpty ? [] : [all]));
    return { factory, expression, notes: [...notes, ...note].map((text) => `${name}: ${text}`) };
  };
  switch (settings.updateStrategy ?? 'semver') {
    case 'newest-build':
    case 'latest':
      return make('newestBuild', filters);
    case 'alphabetical':
    case 'name':
      return make('alphabetical', filters);
    case 'digest':
      return make('digest', { tag: constraint ?? 'latest' });
    default:
      return make('semver', { range: constraint, ...filters });
  }
}

function allowOf(allowTags: string | undefined): { readonly allow?: string; readonly notes: readonly string[] } {
  if (allowTags === undefined || allowTags === 'any') {
    return { notes: [] };
  }
  return allowTags.startsWith('regexp:')
    ? { allow: allowTags.slice('regexp:'.length), notes: [] }
    : { notes: [`allow-tags "${allowTags}" is not understood and was left out`] };
}

/** Image Updater is content with one of several platforms; a policy here asks for all of them. */
function platformOf(platforms: readonly string[]): { readonly platform: string | undefined; readonly note: string[] } {
  const [first, ...others] = platforms;
  const note = others.length === 0 ? [] : [`of its platforms only ${first ?? ''} is asked for`];
  return { platform: first === 'linux/amd64' ? undefined : first, note };
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((part) => part.trim());
}

/** A pattern with `*`, `?` and `[a-z]` as a regular expression over the whole text. */
export function globPattern(glob: string): RegExp {
  const text = glob
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`);
}
