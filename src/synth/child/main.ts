/**
 * The process that runs a commit's own `apps/`. The parent may be of another version: what they say to each other is
 * `request.ts` on standard input, and one JSON message a line (../schema.ts in the parent) on file descriptor 3.
 */
import { readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DefinitionFileError } from '../validation/definition-folder.js';
import { appOf, type BuiltApp, buildApp } from './build-app.js';
import { type BuiltObjects, checkApps, definingApps } from './check-apps.js';
import { tellReach } from './reach.js';
import type { ChildRequest } from './request.js';

const RESULTS = 3;
const request = JSON.parse(readFileSync(0, 'utf8')) as ChildRequest;
const exit = process.exit.bind(process);
process.exit = (code) => {
  throw new Error(`an application must not end the process: process.exit(${code ?? ''}) was called`);
};

const reach = request.tellReach === true ? tellReach(process.cwd()) : undefined;

say({ type: 'started', protocol: 1, ...(reach && { tellsReach: true }) });
const apps: BuiltObjects[] = [];
for (const name of request.apps) {
  reach?.enter(name);
  await synthesize(name);
}
for (const path of reach === undefined ? [] : [...reach.paths(), ...definingApps(apps)]) {
  say({ type: 'reached', path });
}
if (request.validate === true) {
  check();
}
say({ type: 'done' });
exit(0);

async function synthesize(name: string): Promise<void> {
  say({ type: 'building', app: name });
  try {
    const module: unknown = await import(pathToFileURL(request.modules[name] ?? '').href);
    const built = buildApp(name, appOf(module), request, (missing) => say({ type: 'missing', app: name, ...missing }));
    const text = JSON.stringify({ type: 'built', app: name, ...built });
    write(text);
    apps.push({ app: name, objects: (JSON.parse(text) as BuiltApp).objects });
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    say({ type: 'failed', app: name, message, stack });
  }
}

/** A file that cannot be used is nobody's in particular, and ends the synthesis. */
function check(): void {
  try {
    for (const report of checkApps(apps, process.cwd())) {
      say({ type: 'checked', ...report });
    }
  } catch (error) {
    if (!(error instanceof DefinitionFileError)) {
      throw error;
    }
    console.error(error.message);
    exit(1);
  }
}

/** Written at once, so that the parent knows where an application stops answering. */
function say(message: object): void {
  write(JSON.stringify(message));
}

function write(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(RESULTS, bytes, written);
  }
}
