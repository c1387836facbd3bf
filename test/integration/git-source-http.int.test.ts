import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError, messageOf } from '../../src/base/errors.js';
import { silentLogger } from '../../src/base/logger.js';
import { openSecretFile } from '../../src/cli/secret-file.js';
import { createGitSource } from '../../src/sources/git/git-source.js';
import type { GitSourceOptions } from '../../src/sources/git/git-source.js';
import type { GitSource } from '../../src/sources/git/port.js';
import { startGitRemote } from '../support/git-remote.js';
import type { GitRemote } from '../support/git-remote.js';

const USERNAME = 'robot';
const TOKEN = 'tok/en+sentinel=9';
const ENCODED = Buffer.from(`${USERNAME}:${TOKEN}`).toString('base64');

describe('sources/git over smart HTTP with a credential', () => {
  let remote: GitRemote;
  let directory: string;
  const sourceOf = (options: Partial<GitSourceOptions> = {}): GitSource =>
    createGitSource({
      url: remote.url,
      branch: 'master',
      directory: join(directory, 'cache'),
      credentials: { username: USERNAME, password: TOKEN },
      timeoutMs: 20_000,
      logger: silentLogger,
      ...options,
    });

  beforeEach(async () => {
    remote = await startGitRemote({ basicAuth: { username: USERNAME, password: TOKEN } });
    directory = await mkdtemp(join(tmpdir(), 'git-http-'));
  });
  afterEach(async () => {
    await remote.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('the right credential reads the head and the files', async () => {
    const commit = await remote.commit({ a: 'one' });
    const source = sourceOf();
    expect(await source.head()).toBe(commit);
    expect(await readFile(join((await source.checkout(commit)).directory, 'a'), 'utf8')).toBe('one');
  });

  it('a token that was renewed in its file is used by the same source, for the head and the files', async () => {
    const tokenFile = join(directory, 'token');
    await writeFile(tokenFile, `${TOKEN}\n`);
    const readPassword = await openSecretFile(tokenFile, 'gitTokenFile', silentLogger);
    const source = sourceOf({ credentials: { username: USERNAME }, readPassword });
    const first = await remote.commit({ a: 'one' });
    expect(await source.head()).toBe(first);
    remote.changePassword('renewed');
    await expect(source.head()).rejects.toMatchObject({ code: 'git/denied' });
    await rm(tokenFile);
    await expect(source.head()).rejects.toMatchObject({ code: 'git/denied' });
    await writeFile(tokenFile, 'renewed');
    const commit = await remote.commit({ a: 'two' });
    expect(await source.head()).toBe(commit);
    expect(await readFile(join((await source.checkout(commit)).directory, 'a'), 'utf8')).toBe('two');
  });

  it('the credential is not written to any file', async () => {
    const source = sourceOf();
    await source.checkout(await remote.commit({ a: 'one' }));
    const found = (text: string): string =>
      execFileSync('sh', ['-c', 'grep -rlF -- "$1" "$2" || true', 'sh', text, directory], { encoding: 'utf8' });
    expect(found('setsid')).not.toBe('');
    expect([found(TOKEN), found(ENCODED)]).toEqual(['', '']);
  });

  it.each([
    ['a wrong credential', { username: USERNAME, password: 'wrong-sentinel' }],
    ['no credential', {}],
  ])('%s is denied without asking anybody, and is not in the message', async (_name, credentials) => {
    await remote.commit({ a: 'one' });
    const failure: unknown = await sourceOf({ credentials })
      .head()
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'git/denied', disposition: 'stalled' });
    expect(messageOf(failure)).not.toContain('sentinel');
  });

  it('an answer that repeats the credential does not bring it into the message', async () => {
    remote.answer({ status: 500, headers: { 'x-echo': TOKEN } });
    const failure = await sourceOf()
      .head()
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify([messageOf(failure), failure])).not.toMatch(/sentinel|c2VudGluZWw/);
  });

  it.each([
    [503, 'git/unreachable', 'retry'],
    [429, 'git/unreachable', 'retry'],
    [403, 'git/denied', 'stalled'],
    [404, 'git/denied', 'stalled'],
  ])('status %i is %s', async (status, code, disposition) => {
    remote.answer({ status });
    await expect(sourceOf().head()).rejects.toMatchObject({ code, disposition });
  });

  it.each([
    ['of several lines', '<html>\n<body>Please log in to this network</body>\n</html>\n', 'git/denied'],
    ['of one line', '<html>Please log in to this network</html>', 'git/unknown-revision'],
  ])(
    'a web page %s in place of Git is no repository, and the same source works after it',
    async (_form, body, code) => {
      const source = sourceOf();
      remote.answer({ status: 200, headers: { 'content-type': 'text/html' }, body });
      await expect(source.head()).rejects.toMatchObject({
        code,
        message: expect.stringContaining(remote.url) as unknown,
      });
      remote.answer('git');
      const commit = await remote.commit({ a: '1' });
      expect(await source.head()).toBe(commit);
    },
  );

  it('a name that DNS does not know is unreachable, and is tried again', async () => {
    const failure = sourceOf({ url: 'https://no-such-host.invalid/r.git' }).head();
    await expect(failure).rejects.toMatchObject({
      code: 'git/unreachable',
      disposition: 'retry',
      message: expect.stringContaining('no-such-host.invalid') as unknown,
    });
  });

  it('a redirect is refused, and the other host sees no request', async () => {
    const other = await startGitRemote();
    remote.answer({ status: 302, headers: { location: `${other.url}/info/refs?service=git-upload-pack` } });
    await expect(sourceOf().head()).rejects.toMatchObject({ code: 'git/refused' });
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  it('a closed port is unreachable, and the same source works when the remote is back', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise<void>((resolve) => closed.close(() => resolve()));
    const failure = sourceOf({ url: `http://127.0.0.1:${port}/r.git` }).head();
    await expect(failure).rejects.toMatchObject({ code: 'git/unreachable', disposition: 'retry' });

    const source = sourceOf();
    remote.answer({ status: 502 });
    await expect(source.head()).rejects.toMatchObject({ code: 'git/unreachable' });
    remote.answer('git');
    const commit = await remote.commit({ a: '1' });
    expect(await source.head()).toBe(commit);
  });

  it('a remote that never answers is unreachable after the time limit, and no git process is left', async () => {
    remote.answer('never');
    const failure = sourceOf({ timeoutMs: 300 }).head();
    await expect(failure).rejects.toMatchObject({ code: 'git/unreachable', disposition: 'retry' });
    expect(processesWith(remote.url)).toEqual([]);
  });

  it('an abort ends the command and its helpers at once', async () => {
    remote.answer('never');
    const stop = new AbortController();
    const failure = sourceOf().head(stop.signal);
    await vi.waitFor(() => expect(remote.requests).toHaveLength(1));
    expect(processesWith(remote.url)).not.toEqual([]);
    expect(processesWith(TOKEN)).toEqual([]);
    expect(processesWith(ENCODED)).toEqual([]);
    stop.abort(new CancelledError('cancelled/shutdown', 'the daemon stops'));
    await expect(failure).rejects.toMatchObject({ code: 'cancelled/shutdown' });
    expect(processesWith(remote.url)).toEqual([]);
  });

  it('an abort that came before the call runs nothing', async () => {
    await expect(sourceOf().head(AbortSignal.abort())).rejects.toBeInstanceOf(CancelledError);
    expect(remote.requests).toEqual([]);
  });

  it('a git that ignores being told to stop is killed with its helpers', async () => {
    const bin = join(directory, 'bin');
    const started = join(directory, 'started');
    const script = `#!/bin/sh\ntrap '' INT TERM\ntail -f /dev/null ${started} &\necho > ${started}\nwait\nwait\n`;
    execFileSync('mkdir', [bin]);
    await writeFile(join(bin, 'git'), script, { mode: 0o755 });
    const environment = { PATH: `${bin}:${process.env.PATH ?? ''}` };
    const failure = sourceOf({ timeoutMs: 300, environment }).head();
    await expect(failure).rejects.toMatchObject({ code: 'git/unreachable' });
    expect(processesWith(started)).toEqual([]);
  });

  it('an ssh remote runs ssh without prompts, with the key and strict host checking', async () => {
    const bin = join(directory, 'bin');
    execFileSync('mkdir', [bin]);
    const local = '#!/bin/sh\necho "$@" > "$0.args"\nfor last; do :; done\nexec sh -c "$last"\n';
    await writeFile(join(bin, 'ssh'), local, { mode: 0o755 });
    const commit = await remote.commit({ a: '1' });
    const source = sourceOf({
      url: `git@git.example.test:${remote.path}`,
      credentials: { sshKeyFile: '/keys/deploy', knownHostsFile: '/keys/known_hosts' },
      environment: { PATH: `${bin}:${process.env.PATH ?? ''}` },
    });
    expect(await source.head()).toBe(commit);
    expect(await readFile(join(bin, 'ssh.args'), 'utf8')).toMatch(
      /-F \/dev\/null .*BatchMode=yes .*StrictHostKeyChecking=yes -o UserKnownHostsFile=\/keys\/known_hosts -o IdentitiesOnly=yes -i \/keys\/deploy .*git@git.example.test/,
    );
  });
});

/** Command lines of running processes that hold the text, without the one that looks. */
function processesWith(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text));
}
