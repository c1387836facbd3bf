import { resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { leaseRights } from '../app/lease-rights.js';
import { leastPrivilege } from '../app/least-privilege.js';
import type { Manifest } from '../app/manifest.js';
import { note, printDocument } from './output.js';
import { report } from './synth.js';
import { readStackSettings, synthesizeWorkingTree } from './working-tree.js';

interface RbacOptions {
  readonly namespace: string;
  readonly name: string;
  readonly stack: string;
  readonly directory: string;
}

/** Adds `prodesk rbac`. */
export function registerRbacCommand(program: Command): void {
  program
    .command('rbac')
    .description('print a ServiceAccount for the daemon with no more rights than the working tree needs')
    .option('--namespace <name>', 'namespace of the ServiceAccount', 'prodesk')
    .option('--name <name>', 'name of the ServiceAccount and of its roles', 'prodesk-driver')
    .option('--stack <name>', 'whose Pulumi.<name>.yaml to read', 'prodesk')
    .option('--directory <path>', 'the working tree', '.')
    .action(rbac);
}

async function rbac({ namespace, name, stack, directory: path }: RbacOptions): Promise<void> {
  const directory = resolve(path);
  const state = await synthesizeWorkingTree(directory, await readStackSettings({ directory, stack }), {
    allowMissing: 'all',
  });
  const account = { name, namespace };
  const objects = [...leastPrivilege(Object.values(state.apps), account), ...leaseRights(account, stack)];
  printDocument(
    objects.map((object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`).join(''),
  );
  const warning = powerWarning(objects);
  if (warning !== undefined) {
    note(warning);
  }
  note(
    'apply it again before a commit brings a new kind or namespace, and only after one that took some away was pruned',
  );
  report(state);
}

/** What a person must know of roles with which more rights can be had than they list; undefined where there are none. */
export function powerWarning(objects: readonly Manifest[]): string | undefined {
  const verbs = new Set(objects.flatMap(({ rules }) => (rules ?? []) as readonly Rule[]).flatMap((rule) => rule.verbs));
  const makes = [...(verbs.has('escalate') ? ['roles'] : []), ...(verbs.has('bind') ? ['bindings of roles'] : [])];
  return makes.length === 0
    ? undefined
    : `an application makes ${makes.join(' and ')}: whoever may push can give itself any right in the cluster`;
}

interface Rule {
  readonly verbs: readonly string[];
}
