import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/base/errors.js';
import { parseBranch, parseCommit, parseRemote } from '../../../src/sources/git/remote.js';

describe('sources/git/remote', () => {
  describe('parseRemote', () => {
    it.each([
      ['https://github.com/owner/repository.git', 'https'],
      ['https://robot@git.example.com:8443/owner/repository', 'https'],
      ['http://127.0.0.1:3000/repository.git', 'http'],
      ['http://localhost/repository.git', 'http'],
      ['ssh://git@git.example.com:2222/owner/repository.git', 'ssh'],
      ['git@github.com:owner/repository.git', 'ssh'],
      ['host.example:repository', 'ssh'],
      ['file:///srv/git/repository.git', 'file'],
      ['/srv/git/repository.git', 'file'],
    ])('takes %s as %s', (url, protocol) => {
      expect(parseRemote(url)).toEqual({ url, protocol });
    });

    it.each([
      ['an option', '--upload-pack=touch /tmp/x'],
      ['an option as ssh host', 'ssh://-oProxyCommand=x/repository'],
      ['an option as ssh user', 'ssh://-oProxyCommand=x@host/repository'],
      ['an option as ssh path', 'ssh://host/-oProxyCommand=x'],
      ['an option as host of the short form', '-oProxyCommand=x:repository'],
      ['an option as path of the short form', 'git@host:-x'],
      ['an option after the user of the short form', 'git@-oProxyCommand=x:repository'],
      ['a remote helper', 'ext::sh -c touch% /tmp/x'],
      ['a file descriptor', 'fd::17/x'],
      ['a helper around a URL', 'testgit::https://host/x'],
      ['a line feed', 'https://host/x\nhost=evil'],
      ['a carriage return', 'https://host/x\r'],
      ['a NUL', 'https://host/x\0'],
      ['an outer space', ' https://host/x'],
      ['nothing', ''],
      ['a relative path', '../repository'],
      ['a word', 'repository'],
      ['the git protocol', 'git://host/repository'],
      ['ftp', 'ftp://host/repository'],
      ['plain http elsewhere', 'http://git.example.com/repository'],
      ['plain http to a host that only starts like this one', 'http://127.0.0.1.evil.example/repository'],
      ['a file URL with a host', 'file://host/repository'],
      ['no host', 'https:///'],
    ])('refuses %s', (_name, url) => {
      expect(() => parseRemote(url)).toThrowError(
        expect.objectContaining({ code: 'git/refused', disposition: 'stalled' }) as Error,
      );
    });

    it('refuses a password in the URL without repeating it', () => {
      let message = '';
      try {
        parseRemote('https://robot:sentinel@host/repository');
      } catch (error) {
        message = messageOf(error);
      }
      expect(message).toContain('holds a password');
      expect(message).not.toContain('sentinel');
    });

    it('takes plain http to other machines when told to', () => {
      expect(parseRemote('http://git.lan/r', { allowPlainHttp: true }).protocol).toBe('http');
    });
  });

  describe('parseBranch', () => {
    it.each(['master', 'main', 'release/1.2', 'feature_x-1', 'a@b'])('takes %s', (branch) => {
      expect(parseBranch(branch)).toBe(branch);
    });

    it.each(
      [
        [
          '-x',
          '--upload-pack=x',
          '',
          '@',
          '/a',
          'a/',
          '.a',
          'a/.b',
          'a..b',
          'a b',
          'a~1',
          'a^',
          'a:b',
          'a?',
          'a*',
          'a[b',
          'a\\b',
        ],
        ['a@{1}', 'a.lock', 'a.lock/b', 'a//b', 'a\nb', 'a\rb', 'a\0b', 'a\u007fb', 'a.', 'x'.repeat(256)],
      ].flat(),
    )('refuses %j', (branch) => {
      expect(() => parseBranch(branch)).toThrowError(expect.objectContaining({ code: 'git/refused' }) as Error);
    });
  });

  describe('parseCommit', () => {
    it.each(['a'.repeat(40), '0123456789abcdef'.repeat(4)])('takes %s', (commit) => {
      expect(parseCommit(commit)).toBe(commit);
    });

    it.each(['', 'HEAD', 'abc123', 'A'.repeat(40), 'a'.repeat(41), `--${'a'.repeat(38)}`, `../${'a'.repeat(37)}`])(
      'refuses %j',
      (commit) => {
        expect(() => parseCommit(commit)).toThrowError(expect.objectContaining({ code: 'git/refused' }) as Error);
      },
    );
  });
});
