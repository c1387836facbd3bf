import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../base/errors.js';
import { type NewApp, TEMPLATES } from './new/templates.js';
import { print } from './output.js';

interface NewCommandOptions {
  readonly image?: string;
  readonly port?: string;
  readonly host?: string;
  readonly namespace?: string;
  readonly template: string;
  readonly directory: string;
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Adds `prodesk new`. */
export function registerNewCommand(program: Command): void {
  program
    .command('new <app>')
    .description('write apps/<app>/app.ts; what is there is never overwritten')
    .option('--template <name>', Object.keys(TEMPLATES).join(', '), 'web')
    .option('--image <image>', 'with a tag it is pinned; without one, the newest build is followed')
    .option('--port <number>', 'the port that the container listens on')
    .option('--host <name>', 'the public host; one word goes in front of the setting domain')
    .option('--namespace <name>', 'where its objects live (default: the name of the application)')
    .option('--directory <path>', 'the working tree', '.')
    .action(createApp);
}

async function createApp(name: string, options: NewCommandOptions): Promise<void> {
  const files = filesOf(name, options);
  const folder = join(resolve(options.directory), 'apps', name);
  await mkdir(dirname(folder), { recursive: true });
  await makeFolder(folder, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
    print(`apps/${name}/${path}\n`);
  }
  print(`Next: edit it, look at it with "prodesk synth --app ${name}", commit and push.\n`);
}

/**
 * The files of a new application.
 * @throws ConfigError `config/invalid` with everything that cannot be used
 */
export function filesOf(name: string, options: Omit<NewCommandOptions, 'directory'>): Readonly<Record<string, string>> {
  const { template, image, port, host, namespace = name } = options;
  const chosen = Object.hasOwn(TEMPLATES, template) ? TEMPLATES[template] : undefined;
  const problems = [
    LABEL.test(name) ? '' : `name of the application is not a DNS label (a-z, 0-9, -): "${name}"`,
    chosen === undefined ? `--template is none of ${Object.keys(TEMPLATES).join(', ')}: "${template}"` : '',
    image === undefined || /^[a-z0-9][\w./:@-]*$/.test(image) ? '' : `--image is not an image reference: "${image}"`,
    port === undefined || isPort(port) ? '' : `--port is not an integer from 1 to 65535: "${port}"`,
    host === undefined || host.split('.').every((part) => LABEL.test(part))
      ? ''
      : `--host is not a DNS name: "${host}"`,
    LABEL.test(namespace) ? '' : `--namespace is not a DNS label (a-z, 0-9, -): "${namespace}"`,
    ...(['image', 'port', 'host'] as const)
      .filter((option) => options[option] !== undefined && chosen?.takes.includes(option) === false)
      .map((option) => `--${option} means nothing to --template ${template}`),
  ].filter((problem) => problem !== '');
  if (problems.length > 0 || chosen === undefined) {
    throw new ConfigError('config/invalid', problems.join('; '));
  }
  const app: NewApp = {
    name,
    namespace,
    ...(image === undefined ? {} : { image }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(host === undefined ? {} : { host }),
  };
  return chosen.write(app);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

async function makeFolder(folder: string, name: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new ConfigError('config/invalid', `apps/${name} is there already; choose another name, or edit it`);
    }
    throw error;
  }
}
