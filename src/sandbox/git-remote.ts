import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Contents of files by path; null removes a file or a folder. */
export type FileChanges = Readonly<Record<string, string | null>>;

/** Makes an empty bare repository whose default branch is `master`. */
export async function createGitRemote(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await git(directory, 'init', '--quiet', '--bare', '--initial-branch=master');
  return directory;
}

/** Pushes one commit on top of the branch, in a clone that is thrown away. Gives the commit. */
export async function pushCommit(
  remote: string,
  message: string,
  change: FileChanges | ((directory: string) => Promise<void>),
): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'prodesk-push-'));
  try {
    await git(clone, 'clone', '--quiet', remote, '.');
    await (typeof change === 'function' ? change(clone) : writeFiles(clone, change));
    await git(clone, 'add', '--all');
    await git(clone, 'commit', '--quiet', '--allow-empty', '--message', message);
    await git(clone, 'push', '--quiet', 'origin', 'HEAD:master');
    return (await git(clone, 'rev-parse', 'HEAD')).trim();
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

/** Copies what a revision needs from a working tree into another folder: its applications, constructs and settings. */
export async function copyProgram(from: string, to: string): Promise<void> {
  const paths = [
    'apps',
    'src',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'Pulumi.yaml',
    'Pulumi.prodesk.yaml',
  ];
  for (const path of paths) {
    await cp(join(from, path), join(to, path), { recursive: true });
  }
}

async function writeFiles(directory: string, changes: FileChanges): Promise<void> {
  for (const [path, content] of Object.entries(changes)) {
    const file = join(directory, path);
    if (content === null) {
      await rm(file, { recursive: true, force: true });
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = [
    '-c',
    'user.name=sandbox',
    '-c',
    'user.email=sandbox@prodesk.invalid',
    '-c',
    'init.defaultBranch=master',
  ];
  const { stdout } = await run('git', [...identity, '-c', 'core.hooksPath=/dev/null', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });
  return stdout;
}
