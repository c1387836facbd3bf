import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a commit does to one path: new text, a symbolic link, or removal. */
export type FileChange = string | { readonly symlink: string } | null;

/** Options of one commit. */
export interface CommitOptions {
  readonly message?: string;
  /** The commit to build on. @default - the branch's tip; a branch that does not exist starts empty */
  readonly parent?: string;
  /** @default master */
  readonly branch?: string;
}

/** A bare repository on disk that is also served by smart HTTP, by git's own `http-backend`. */
export interface GitRemote {
  /** The bare repository: an absolute path, a valid remote as it is. */
  readonly path: string;
  /** The same by `http://127.0.0.1:PORT/repository.git`. */
  readonly url: string;
  /** The request lines that the HTTP server saw. */
  readonly requests: readonly string[];
  /** Commits changes and points the branch at the result, whatever it pointed at before. */
  commit(changes: Readonly<Record<string, FileChange>>, options?: CommitOptions): Promise<string>;
  /** Points a branch at any commit, as a force-push does. */
  setBranch(branch: string, commit: string): Promise<void>;
  deleteBranch(branch: string): Promise<void>;
  /** Runs git in the work tree that commits are made in, for what the other methods do not do. */
  git(...args: string[]): Promise<string>;
  /** HTTP requests need this password from now on. */
  changePassword(password: string): void;
  /** How HTTP requests are answered from now on: by git, by a status, headers and a body, or never. */
  answer(how: HttpAnswer): void;
  stop(): Promise<void>;
}

/** See {@link GitRemote.answer}. */
export type HttpAnswer =
  'git' | 'never' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** Options of {@link startGitRemote}. */
export interface GitRemoteOptions {
  /** HTTP requests need this user and password. @default - anonymous */
  readonly basicAuth?: { readonly username: string; readonly password: string };
}

const ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Test Author',
  GIT_AUTHOR_EMAIL: 'author@example.test',
  GIT_COMMITTER_NAME: 'Test Author',
  GIT_COMMITTER_EMAIL: 'author@example.test',
};

/** Makes an empty remote in a temporary folder and serves it on a free port of 127.0.0.1. */
export async function startGitRemote(options: GitRemoteOptions = {}): Promise<GitRemote> {
  const root = await mkdtemp(join(tmpdir(), 'git-remote-'));
  const path = join(root, 'repository.git');
  const work = join(root, 'work');
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: work, env: ENVIRONMENT })).stdout.trim();
  await mkdir(work);
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=master', path], { env: ENVIRONMENT });
  await git('init', '--quiet', '--initial-branch=work');
  await git('remote', 'add', 'origin', path);
  const web = await serve(root, options);

  return {
    path,
    url: `${web.origin}/repository.git`,
    requests: web.requests,
    git,
    answer: web.answer,
    changePassword: web.changePassword,
    async commit(changes, { message = 'Change files', parent, branch = 'master' } = {}) {
      const known = await git('ls-remote', 'origin', `refs/heads/${branch}`);
      const base = parent ?? known.split('\t')[0] ?? '';
      if (base === '') {
        await git('checkout', '--quiet', '--orphan', `orphan-${web.requests.length}-${Date.now()}`);
        await git('rm', '-rq', '--force', '--ignore-unmatch', '.');
      } else {
        await git('fetch', '--quiet', 'origin');
        await git('checkout', '--quiet', '--force', '--detach', base);
      }
      for (const [file, change] of Object.entries(changes)) {
        await applyChange(join(work, file), change);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      await git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
      return git('rev-parse', 'HEAD');
    },
    setBranch: async (branch, commit) =>
      void (await git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/${branch}`)),
    deleteBranch: async (branch) =>
      void (await run('git', ['update-ref', '-d', `refs/heads/${branch}`], { cwd: path, env: ENVIRONMENT })),
    async stop() {
      await web.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function applyChange(file: string, change: FileChange): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  if (change === null) {
    await unlink(file);
  } else if (typeof change === 'string') {
    await writeFile(file, change);
  } else {
    await symlink(change.symlink, file);
  }
}

async function serve(root: string, { basicAuth }: GitRemoteOptions) {
  const requests: string[] = [];
  let how: HttpAnswer = 'git';
  const basic = (password: string): string | undefined =>
    basicAuth && `Basic ${Buffer.from(`${basicAuth.username}:${password}`).toString('base64')}`;
  let expected = basic(basicAuth?.password ?? '');
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (how === 'never') {
      return;
    }
    if (how !== 'git') {
      response.writeHead(how.status, how.headers).end(how.body);
    } else if (expected !== undefined && request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else {
      runBackend(root, request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    changePassword: (password: string) => void (expected = basic(password)),
    answer: (next: HttpAnswer) => void (how = next),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One request through `git http-backend`, by the rules of CGI. */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string): string => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: header('content-length'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdin.on('error', () => response.destroy());
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const headers = output.subarray(0, end).toString('latin1').split('\r\n');
    const pairs = headers.map((line) => line.split(': ', 2) as [string, string]);
    const status = pairs.find(([name]) => name === 'Status')?.[1] ?? '200';
    for (const [name, value] of pairs.filter(([key]) => key !== 'Status')) {
      response.setHeader(name, value);
    }
    response.writeHead(Number.parseInt(status, 10)).end(output.subarray(end + 4));
  });
}
