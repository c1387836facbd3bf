import { stringify } from 'yaml';
import type { StackId } from '../app/resource-name.js';
import { ConfigError } from '../base/errors.js';
import { parseYamlMap } from './yaml-map.js';

/** The keys of a commit's `Pulumi.yaml` that the engine's copy takes over; how programs are run there is of no concern here. */
const TAKEN = ['name', 'description', 'config'] as const;

/**
 * The engine's own `Pulumi.yaml`, from that of a commit.
 * @throws ConfigError `config/invalid`
 */
export function engineProject(text: string, { project }: StackId): string {
  const file = 'Pulumi.yaml';
  const source = parseYamlMap(text, file).toJS() as Readonly<Record<string, unknown>>;
  if (source['name'] !== project) {
    throw new ConfigError(
      'config/invalid',
      `${file}: name is ${JSON.stringify(source['name'])}, but the daemon runs project "${project}"; a project cannot be renamed while its stack exists`,
    );
  }
  const taken = TAKEN.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]);
  return stringify({ ...Object.fromEntries(taken), runtime: 'nodejs' });
}
