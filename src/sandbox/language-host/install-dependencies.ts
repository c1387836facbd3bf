import { spawn } from 'node:child_process';
import { messageOf, StalledError } from '../../base/errors.js';

/** Takes what a command writes, piece by piece. */
export type OutputSink = (stream: 'stdout' | 'stderr', text: Buffer) => void;

/**
 * Runs `npm install` in a folder.
 * @throws StalledError `sandbox/failed` when it fails
 */
export function installDependencies(directory: string, sink: OutputSink): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const fail = (reason: string): void =>
      reject(new StalledError('sandbox/failed', `npm install in ${directory} failed: ${reason}`));
    child.stdout.on('data', (text: Buffer) => sink('stdout', text));
    child.stderr.on('data', (text: Buffer) => sink('stderr', text));
    child.once('error', (error) => fail(messageOf(error)));
    child.once('close', (code) => (code === 0 ? resolve() : fail(`exit code ${code ?? 'none'}`)));
  });
}
