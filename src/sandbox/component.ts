import { readFile } from 'node:fs/promises';
import { StalledError } from '../base/errors.js';
import { superviseProcess, type SupervisedProcess, type SupervisedProcessOptions } from './supervised-process.js';
import { waitUntil } from './wait-until.js';

/** A part of the sandbox: a process, and where it answers. */
export interface Component {
  readonly process: SupervisedProcess;
  readonly address?: string;
}

/** What is known of a component, and who wants to know about it. */
export interface ComponentOptions {
  readonly address?: string;
  /** Called as soon as the process runs, before it is ready. */
  readonly onStart: (component: Component) => void;
}

/**
 * Starts a process and waits until it is ready.
 * @throws StalledError `sandbox/failed` with the end of its log when it ends first or is not ready in a minute
 */
export async function startComponent(
  options: SupervisedProcessOptions,
  isReady: () => Promise<boolean>,
  { address, onStart }: ComponentOptions,
): Promise<Component> {
  const started = await superviseProcess(options);
  const component = address === undefined ? { process: started } : { process: started, address };
  onStart(component);
  const ended = new AbortController();
  void started.exited.then(() => ended.abort());
  try {
    await waitUntil(isReady, { what: `readiness of ${options.name}`, signal: ended.signal });
  } catch (thrown) {
    const problem = ended.signal.aborted ? 'ended while it started' : 'did not become ready';
    await started.stop();
    const log = lastLines(await readFile(options.logFile, 'utf8'));
    throw new StalledError('sandbox/failed', `${options.name} ${problem}; the end of its log:\n${log}`, {
      cause: thrown,
    });
  }
  return component;
}

/** The end of a log, for an error. */
export function lastLines(log: string, count = 6): string {
  return log.trim().split('\n').slice(-count).join('\n');
}
