import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/logger.js';
import { createGitSource } from '../../src/sources/git/git-source.js';
import type { GitSource } from '../../src/sources/git/port.js';
import type { CommitVerification } from '../../src/sources/git/verification.js';
import { type GitRemote, startGitRemote } from '../support/git-remote.js';

const run = promisify(execFile);

describe('sources/git with signed commits', () => {
  let keys = '';
  let directory = '';
  let remote: GitRemote;
  const ssh: CommitVerification = { format: 'ssh', file: '' };
  const gpg: CommitVerification = { format: 'gpg', file: '' };
  const gpgHome = (): string => join(keys, 'gnupg');

  beforeAll(async () => {
    keys = await mkdtemp(join(tmpdir(), 'k-'));
    for (const name of ['known', 'stranger']) {
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)]);
    }
    await run('mkdir', ['-m', '700', gpgHome()]);
    const gpgRun = (...args: string[]) => run('gpg', ['--homedir', gpgHome(), '--batch', ...args]);
    for (const name of ['known', 'stranger']) {
      await gpgRun('--passphrase', '', '--quick-generate-key', `${name} <${name}@example.test>`, 'ed25519', 'sign');
    }
    const signers = `author@example.test namespaces="git" ${await readFile(join(keys, 'known.pub'), 'utf8')}`;
    Object.assign(ssh, { file: join(keys, 'allowed_signers') });
    Object.assign(gpg, { file: join(keys, 'keyring') });
    await writeFile(ssh.file, signers);
    await gpgRun('--output', gpg.file, '--export', 'known@example.test');
  }, 120_000);
  beforeEach(async () => {
    remote = await startGitRemote();
    directory = await mkdtemp(join(tmpdir(), 'git-verify-'));
  });
  afterEach(async () => {
    await remote.stop();
    await rm(directory, { recursive: true, force: true });
  });
  afterAll(async () => {
    await run('gpgconf', ['--homedir', gpgHome(), '--kill', 'all']);
    await rm(keys, { recursive: true, force: true });
  });

  const sourceOf = (verify: CommitVerification): GitSource =>
    createGitSource({
      url: remote.path,
      branch: 'master',
      directory: join(directory, 'cache'),
      timeoutMs: 20_000,
      logger: silentLogger,
      environment: process.env,
      verify,
    });

  /** Signs the branch's tip anew. */
  async function sign(format: 'ssh' | 'gpg', key: 'known' | 'stranger'): Promise<string> {
    const settings =
      format === 'ssh'
        ? ['gpg.format=ssh', `user.signingkey=${join(keys, key)}`]
        : [`user.signingkey=${key}@example.test`, `gpg.program=${await gpgProgram()}`];
    const options = settings.flatMap((setting) => ['-c', setting]);
    await remote.git(...options, 'commit', '--quiet', '--amend', '--no-edit', '-S');
    await remote.git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/master');
    return remote.git('rev-parse', 'HEAD');
  }

  async function gpgProgram(): Promise<string> {
    const program = join(keys, 'gpg.sh');
    await writeFile(program, `#!/bin/sh\nexec gpg --homedir ${gpgHome()} --batch "$@"\n`, { mode: 0o700 });
    return program;
  }

  it.each(['ssh', 'gpg'] as const)('a commit that a known %s key signed is taken', async (format) => {
    await remote.commit({ a: '1' });
    const commit = await sign(format, 'known');
    const { directory: checkout } = await sourceOf(format === 'ssh' ? ssh : gpg).checkout(commit);
    expect(await readFile(join(checkout, 'a'), 'utf8')).toBe('1');
  });

  it.each([
    ['without a signature', ssh, undefined, undefined],
    ['without a signature', gpg, undefined, undefined],
    ["with a stranger's signature", ssh, 'ssh', 'stranger'],
    ["with a stranger's signature", gpg, 'gpg', 'stranger'],
    ['with a signature of the other kind', ssh, 'gpg', 'known'],
    ['with a signature of the other kind', gpg, 'ssh', 'known'],
  ] as const)('a commit %s is not taken (%j), and none of its files is written', async (_what, verify, format, key) => {
    const plain = await remote.commit({ a: '1' });
    const commit = format === undefined ? plain : await sign(format, key);
    await expect(sourceOf(verify).checkout(commit)).rejects.toMatchObject({
      code: 'git/unverified',
      disposition: 'stalled',
      message: expect.stringContaining(verify.file) as string,
    });
    expect(await readdir(join(directory, 'cache'))).not.toContain('checkouts');
  });

  it('a commit that was altered after it was signed is not taken', async () => {
    await remote.commit({ a: '1' });
    await sign('ssh', 'known');
    const text = await remote.git('cat-file', 'commit', 'HEAD');
    const file = join(directory, 'altered');
    await writeFile(file, `${text.replace('author Test Author', 'author Other Author')}\n`);
    const altered = await remote.git('hash-object', '-t', 'commit', '-w', file);
    await remote.git('push', '--quiet', '--force', 'origin', `${altered}:refs/heads/master`);
    await expect(sourceOf(ssh).checkout(altered)).rejects.toMatchObject({ code: 'git/unverified' });
  });

  it('a signer who is taken from the file is not believed any more, for a commit that is there already either', async () => {
    await remote.commit({ a: '1' });
    const commit = await sign('ssh', 'known');
    const file = join(directory, 'signers');
    await writeFile(file, await readFile(ssh.file));
    const source = sourceOf({ format: 'ssh', file });
    await source.checkout(commit);
    await writeFile(file, `author@example.test ${await readFile(join(keys, 'stranger.pub'), 'utf8')}`);
    await expect(source.checkout(commit)).rejects.toMatchObject({ code: 'git/unverified' });
  });
});
