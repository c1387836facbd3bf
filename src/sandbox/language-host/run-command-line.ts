import type { JsonObject } from './program-options.js';

/** What an engine says about a run of a program. */
export interface RunInput {
  readonly monitorAddress: string;
  readonly engineAddress: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly rootDirectory: string;
  readonly workingDirectory: string;
  /** The program's file or folder; empty for the folder itself. */
  readonly program: string;
  readonly isPreview: boolean;
  readonly parallel: number;
  /** Arguments of the program. */
  readonly args: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** `runtime.options` of `Pulumi.yaml`. */
  readonly options: JsonObject;
}

/** A child process: what comes after `node`, and the variables that are added to the environment. */
export interface RunCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The child process that runs a program: the runner of `@pulumi/pulumi` reads these flags and variables. */
export function runCommandOf(input: RunInput, runner: string): RunCommand {
  const flags: readonly (readonly [string, string])[] = [
    ['monitor', input.monitorAddress],
    ['engine', input.engineAddress],
    ['organization', input.organization],
    ['project', input.project],
    ['root-directory', input.rootDirectory],
    ['stack', input.stack],
    ['pwd', input.workingDirectory],
    ['parallel', String(input.parallel)],
  ];
  return {
    args: [
      ...splitArguments(textOption(input.options, 'nodeargs')),
      runner,
      ...flags.filter(([, value]) => value !== '').flatMap(([flag, value]) => [`--${flag}`, value]),
      ...(input.isPreview ? ['--dry-run'] : []),
      input.program === '' ? '.' : input.program,
      ...input.args,
    ],
    env: {
      PULUMI_CONFIG: JSON.stringify(input.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(input.secretKeys),
      ...(input.options['typescript'] === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: 'true' }),
      ...optionalVariable('PULUMI_NODEJS_TSCONFIG_PATH', textOption(input.options, 'tsconfig')),
    },
  };
}

/** Splits arguments at spaces; quotes keep spaces together. */
export function splitArguments(text: string): string[] {
  const parts = text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g);
  return [...parts].map(([part]) =>
    part.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}

function textOption(options: JsonObject, key: string): string {
  const value = options[key];
  return typeof value === 'string' ? value : '';
}

function optionalVariable(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}
