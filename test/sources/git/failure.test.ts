import { describe, expect, it } from 'vitest';
import { CancelledError, StalledError, TransientError } from '../../../src/base/errors.js';
import { classifyGitFailure, gitFailureKind, stoppedError } from '../../../src/sources/git/failure.js';

/** Output as git 2.39, OpenSSH and GitHub word it. */
const RECORDED: readonly (readonly [string, string, string])[] = [
  [
    'no such host',
    'unreachable',
    "fatal: unable to access 'https://absent.example/r.git/': Could not resolve host: absent.example",
  ],
  [
    'closed port',
    'unreachable',
    "fatal: unable to access 'http://127.0.0.1:1/r.git/': Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
  ],
  [
    'status 503',
    'unreachable',
    "fatal: unable to access 'http://127.0.0.1:3000/r.git/': The requested URL returned error: 503",
  ],
  [
    'status 429',
    'unreachable',
    "fatal: unable to access 'https://github.com/o/r/': The requested URL returned error: 429",
  ],
  [
    'expired certificate',
    'unreachable',
    "fatal: unable to access 'https://host/r/': SSL certificate problem: certificate has expired",
  ],
  [
    'cut transfer',
    'unreachable',
    'error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF',
  ],
  [
    'ssh host down',
    'unreachable',
    'ssh: connect to host git.example port 22: Connection refused\r\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
  ],
  [
    'ssh name unknown',
    'unreachable',
    'ssh: Could not resolve hostname absent.example: Name or service not known\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
  ],
  [
    'ssh key refused',
    'denied',
    'git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
  ],
  ['ssh host key unknown', 'denied', 'Host key verification failed.\nfatal: Could not read from remote repository.'],
  [
    'wrong token',
    'denied',
    "remote: Invalid username or password.\nfatal: Authentication failed for 'https://github.com/o/r.git/'",
  ],
  [
    'prompt disabled',
    'denied',
    "fatal: could not read Username for 'http://127.0.0.1:3000': terminal prompts disabled",
  ],
  [
    'status 403',
    'denied',
    "fatal: unable to access 'http://127.0.0.1:3000/r.git/': The requested URL returned error: 403",
  ],
  ['repository missing (http)', 'denied', "fatal: repository 'http://127.0.0.1:3000/r.git/' not found"],
  [
    'repository missing (GitHub)',
    'denied',
    "remote: Repository not found.\nfatal: repository 'https://github.com/o/r.git/' not found",
  ],
  [
    'repository missing (path)',
    'denied',
    "fatal: '/srv/absent.git' does not appear to be a git repository\nfatal: Could not read from remote repository.",
  ],
  [
    'redirect',
    'refused',
    "fatal: unable to access 'http://127.0.0.1:3000/r.git/': The requested URL returned error: 302",
  ],
  ['protocol', 'refused', "fatal: transport 'file' not allowed"],
  ['other owner', 'refused', "fatal: detected dubious ownership in repository at '/srv/r.git'"],
  ['git folder in the tree', 'refused', "error: invalid path '.git/config'"],
  [
    'commit unknown',
    'unknown-revision',
    'fatal: remote error: upload-pack: not our ref 1234567890123456789012345678901234567890',
  ],
  [
    'commit not advertised',
    'unknown-revision',
    'error: Server does not allow request for unadvertised object 1234567890123456789012345678901234567890',
  ],
  ['branch unknown', 'unknown-revision', "fatal: couldn't find remote ref refs/heads/absent"],
  [
    'ssh ended for another reason',
    'unreachable',
    'fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights',
  ],
  ['disk full', 'no-space', 'error: unable to write file objects/ab/cd: No space left on device\nfatal: write error'],
  ['not a repository', 'damaged', "fatal: not a git repository: '/data/cache.git'"],
  ['missing object', 'damaged', 'fatal: bad object refs/checkouts/12345'],
  ['stale lock', 'damaged', "fatal: Unable to create '/data/cache.git/shallow.lock': File exists."],
  ['broken pack', 'damaged', 'error: file /data/cache.git/objects/pack/pack-1.pack is far too short to be a packfile'],
  ['something new', 'unknown', 'fatal: a message of the future'],
];

describe('sources/git/failure', () => {
  it.each(RECORDED)('%s is %s', (_name, kind, output) => {
    expect(gitFailureKind(output)).toBe(kind);
  });

  it.each([
    ['Could not resolve host: x', TransientError, 'git/unreachable'],
    ['Authentication failed', StalledError, 'git/denied'],
    ['not our ref', StalledError, 'git/unknown-revision'],
    ["transport 'ext' not allowed", StalledError, 'git/refused'],
    ['No space left on device', TransientError, 'disk/full'],
    ['Read-only file system', TransientError, 'disk/read-only'],
    ['a message of the future', TransientError, 'git/unreachable'],
  ])('%s becomes the right class and code', (output, type, code) => {
    const error = classifyGitFailure(output, { doing: 'read x', secrets: [] });
    expect(error).toBeInstanceOf(type);
    expect(error.code).toBe(code);
    expect(error.message).toContain('cannot read x');
  });

  it('secrets do not come into the message, in any form', () => {
    const secret = 'sent/inel+=';
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    const output = `fatal: ${forms.join(' ')} https://user:other-sentinel@host/r`;
    const { message } = classifyGitFailure(output, { doing: 'fetch', secrets: [secret] });
    expect(forms.filter((form) => message.includes(form))).toEqual([]);
    expect(message).not.toContain('other-sentinel');
  });

  it('only what git says for people is told, and not more than a few lines of it', () => {
    const output = `progress 1%\nfatal: first\nhint: noise\n${'error: again\n'.repeat(200)}`;
    const { message } = classifyGitFailure(output, { doing: 'fetch', secrets: [] });
    expect(message).toContain('fatal: first; error: again');
    expect(message).not.toContain('noise');
    expect(message.length).toBeLessThan(700);
  });

  describe('stoppedError', () => {
    it('an abort by a newer commit is that cancellation', () => {
      const reason = new CancelledError('cancelled/shutdown', 'stop');
      expect(stoppedError('fetch', AbortSignal.abort(reason), 5)).toBe(reason);
    });

    it('an abort without our reason is a cancellation', () => {
      expect(stoppedError('fetch', AbortSignal.abort(), 5)).toMatchObject({ code: 'cancelled/superseded' });
    });

    it('the time limit is transient and named', () => {
      const error = stoppedError('fetch', undefined, 5);
      expect(error).toMatchObject({ code: 'git/unreachable', disposition: 'retry' });
      expect(error.message).toContain('5 ms');
    });
  });
});
