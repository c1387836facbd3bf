import { resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { describeFinding, warningsIn } from '../app/checks/finding.js';
import type { DesiredApp, DesiredState } from '../app/desired-state.js';
import { maskSecrets } from '../app/secret-marker.js';
import { StalledError } from '../base/errors.js';
import { formatJson, note, printDocument } from './output.js';
import { readStackSettings, synthesizeWorkingTree } from './working-tree.js';

interface SynthCommandOptions {
  readonly json?: boolean;
  readonly app?: string;
  readonly stack: string;
  readonly directory: string;
  readonly allowMissing?: boolean;
}

/** Adds `prodesk synth`. */
export function registerSynthCommand(program: Command): void {
  program
    .command('synth')
    .description('print the Kubernetes objects that the working tree wants; secret values are never shown')
    .option('--json', 'print one JSON document')
    .option('--app <name>', 'only this application')
    .option('--allow-missing', 'stand in for settings that are not set, instead of failing')
    .option('--stack <name>', 'whose Pulumi.<name>.yaml to read', 'prodesk')
    .option('--directory <path>', 'the working tree', '.')
    .action(synth);
}

async function synth(options: SynthCommandOptions): Promise<void> {
  const directory = resolve(options.directory);
  const settings = await readStackSettings({ directory, stack: options.stack });
  const whole = await synthesizeWorkingTree(directory, settings, {
    allowMissing: options.allowMissing === true ? 'all' : 'secrets',
    ...(options.app !== undefined && { neededBy: options.app }),
  });
  const state = maskSecrets(options.app === undefined ? whole : only(whole, options.app));
  printDocument(options.json === true ? formatJson(jsonOf(state)) : yamlOf(state));
  report(state);
}

/**
 * The state with one application.
 * @throws StalledError `app/unknown`
 */
export function only(state: DesiredState, name: string): DesiredState {
  const pick = <T>(from: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(from).filter(([app]) => app === name));
  const known = [...Object.keys(state.apps), ...state.disabled, ...Object.keys(state.failed)].sort();
  if (!known.includes(name)) {
    throw new StalledError('app/unknown', `no application "${name}" in apps/; there are: ${known.join(', ')}`);
  }
  return {
    revision: state.revision,
    apps: pick(state.apps),
    disabled: state.disabled.filter((app) => app === name),
    failed: pick(state.failed),
    findings: (state.findings ?? []).filter(({ app }) => app === name),
  };
}

/** The document of `--json`. */
export function jsonOf({ revision, apps, disabled, failed, findings = [] }: DesiredState): object {
  const entries = Object.entries(apps).map(([name, { namespace, sync, images, objects }]) => [
    name,
    { namespace, sync, images, objects },
  ]);
  return { revision, apps: Object.fromEntries(entries) as object, disabled, failed, findings };
}

/** Every object as a YAML document, under its application's name. */
export function yamlOf({ apps }: Pick<DesiredState, 'apps'>): string {
  return Object.values(apps).map(yamlOfApp).join('\n');
}

function yamlOfApp({ name, namespace, sync, objects }: DesiredApp): string {
  const how = sync.automated ? 'automated sync' : 'manual sync';
  const documents = objects.map((object) => `---\n${stringify(object, { lineWidth: 0, version: '1.1' })}`);
  return `# ${name} (namespace ${namespace}, ${how})\n${documents.join('')}`;
}

/** Says what is switched off, what is doubtful and what failed; a failure sets the exit code. */
export function report(state: DesiredState): void {
  const { disabled, failed } = state;
  for (const name of disabled) {
    note(`${name} is switched off`);
  }
  for (const finding of warningsIn(state)) {
    note(`warning: ${finding.app}: ${describeFinding(finding)}`);
  }
  for (const [name, { message, location }] of Object.entries(failed)) {
    note(`${name} failed${location === undefined ? '' : ` at ${location}`}: ${message}`);
    process.exitCode = 1;
  }
}
