/**
 * The process that runs a commit's own `apps/`. The parent may be of another version: what they say to each other is
 * `request.ts` on standard input, and one JSON message a line (../schema.ts in the parent) on file descriptor 3.
 */
import { readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { appOf, buildApp } from './build-app.js';
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
for (const name of request.apps) {
  reach?.enter(name);
  await synthesize(name);
}
reach?.paths().forEach((path) => say({ type: 'reached', path }));
say({ type: 'done' });
exit(0);

async function synthesize(name: string): Promise<void> {
  say({ type: 'building', app: name });
  try {
    const module: unknown = await import(pathToFileURL(`${process.cwd()}/apps/${name}/app.ts`).href);
    const built = buildApp(name, appOf(module), request, (missing) => say({ type: 'missing', app: name, ...missing }));
    say({ type: 'built', app: name, ...built });
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    say({ type: 'failed', app: name, message, stack });
  }
}

/** Written at once, so that the parent knows where an application stops answering. */
function say(message: object): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(RESULTS, bytes, written);
  }
}
