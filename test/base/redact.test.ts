import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactValues } from '../../src/base/redact.js';

/** Letters that tokens are made of. */
const token = (min: number, max = 60): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
    minLength: min,
    maxLength: max,
  });
/** Text around a credential: anything, but parted from it. */
const around = fc
  .tuple(fc.lorem({ maxCount: 5 }), fc.constantFrom(' ', '\n', '; ', '\t'))
  .map(([text, gap]) => text + gap);

function survives(credential: string, text: string): boolean {
  return redact(text).includes(credential);
}

describe('base/redact', () => {
  describe('redact', () => {
    it.each([
      ['https://user:pass@example.com/x', 'https://<redacted>@example.com/x'],
      ['https://ghp_abc@github.com/x.git failed', 'https://<redacted>@github.com/x.git failed'],
      ['postgres://u:p%40ss@db:5432/x', 'postgres://<redacted>@db:5432/x'],
      ['https://user:p@ss@example.com/x', 'https://<redacted>@example.com/x'],
      ['https://user:p/a@ss@example.com/x', 'https://<redacted>@example.com/x'],
      ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer <redacted>'],
      ['authorization: basic dXNlcjpwYXNz', 'authorization: basic <redacted>'],
      ['token ghp_0123456789abcdef', 'token <redacted>'],
      ['github_pat_11ABCDEFG0123456789_abc', '<redacted>'],
      ['password=hunter2 next', 'password=<redacted> next'],
      ['{"password":"hunter2","user":"me"}', '{"password":"<redacted>","user":"me"}'],
      ['{"password": "two words", "user": "me"}', '{"password": "<redacted>", "user": "me"}'],
      ['https://x/y?access_token=abc&z=1', 'https://x/y?access_token=<redacted>&z=1'],
      ['https://x/y?X-Amz-Signature=abc def', 'https://x/y?X-Amz-Signature=<redacted> def'],
      ['{\\"password\\":\\"hunter2\\",\\"user\\":1}', '{\\"password\\":\\"<redacted>\\",\\"user\\":1}'],
      ['{"auth": "dXNlcjpwYXNz"}', '{"auth": "<redacted>"}'],
      ["password: 'it is''s' ", "password: '<redacted>' "],
      ['token: |\n  line-of-token', 'token: |\n  <redacted>'],
      ['PULUMI_CONFIG_PASSPHRASE=abcdef', 'PULUMI_CONFIG_PASSPHRASE=<redacted>'],
      ['postgres://u:12345@db:5432/x', 'postgres://<redacted>@db:5432/x'],
      ['DB_PASSWORD=hunter2', 'DB_PASSWORD=<redacted>'],
      ['NAVER_CLIENT_SECRET: abcdef', 'NAVER_CLIENT_SECRET: <redacted>'],
      ['GROQ_API_KEY=gsk_abcdefgh', 'GROQ_API_KEY=<redacted>'],
    ])('%s becomes %s', (text, redacted) => {
      expect(redact(text)).toBe(redacted);
    });

    it.each([
      'cannot read https://example.com/a@b',
      'set it with: pulumi config set --secret prodesk:mysql.root',
      'secret prodesk:mysql.rootPassword is not set',
      'Secret prodesk/mysql-secret is OutOfSync',
      'image ghcr.io/sijunkim/friend-app:master-1234567@sha256:0123456789abcdef',
      'mail me@example.com',
      'git@github.com:sijunkim/x.git',
      'https://ghcr.io:443/v2/x/manifests@sha256',
      'https://host/a?mail=me@example.com',
      'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
      'secretName: ghcr-pull',
      'basic auth',
      'the token is expired',
    ])('%s stays as it is', (text) => {
      expect(redact(text)).toBe(text);
    });

    it('no user information of a URL survives', () => {
      const scheme = fc.constantFrom('https', 'http', 'ssh', 'git+ssh', 'postgres', 's3');
      fc.assert(
        fc.property(around, scheme, token(3), token(4), around, (before, protocol, user, password, after) => {
          const text = `${before}${protocol}://${user}:${password}@host.example/path ${after}`;
          expect(survives(`${user}:${password}`, text)).toBe(false);
          expect(redact(text)).toContain('@host.example/path');
        }),
      );
    });

    it('no token of a known kind survives', () => {
      const prefix = fc.constantFrom('ghp_', 'gho_', 'ghs_', 'ghu_', 'ghr_', 'github_pat_', 'glpat-');
      fc.assert(
        fc.property(around, prefix, token(20), around, (before, kind, rest, after) => {
          expect(survives(rest, `${before}${kind}${rest} ${after}`)).toBe(false);
        }),
      );
    });

    it('no authorization header survives', () => {
      fc.assert(
        fc.property(
          around,
          fc.constantFrom('Bearer', 'bearer', 'Basic', 'BASIC'),
          token(8, 200),
          (before, scheme, value) => {
            expect(survives(value, `${before}Authorization: ${scheme} ${value}`)).toBe(false);
          },
        ),
      );
    });

    it('no JSON web token survives', () => {
      fc.assert(
        fc.property(around, token(10), token(10), token(10), around, (before, head, body, sign, after) => {
          const text = redact(`${before}eyJ${head}.eyJ${body}.${sign} ${after}`);
          expect(text).not.toContain(body);
          expect(text).not.toContain(sign);
        }),
      );
    });

    it('no key of a kubeconfig survives', () => {
      fc.assert(
        fc.property(
          fc.constantFrom('client-key-data', 'token', 'password'),
          fc.base64String({ minLength: 40 }),
          fc.constantFrom('', '"', "'"),
          (key, value, quote) => {
            const text = `users:\n- name: admin\n  user:\n    ${key}: ${quote}${value}${quote}\n`;
            expect(survives(value.slice(0, 20), text)).toBe(false);
          },
        ),
      );
    });

    it('no part of a private key survives, even where its end is missing', () => {
      fc.assert(
        fc.property(
          fc.constantFrom('RSA ', 'EC ', 'OPENSSH ', ''),
          fc.array(token(64, 64), { minLength: 1, maxLength: 5 }),
          fc.boolean(),
          (kind, lines, isComplete) => {
            const end = isComplete ? `-----END ${kind}PRIVATE KEY-----` : '';
            const text = redact(`x -----BEGIN ${kind}PRIVATE KEY-----\n${lines.join('\n')}\n${end}`);
            lines.forEach((line) => expect(text).not.toContain(line));
          },
        ),
      );
    });

    it('doing it twice changes nothing more', () => {
      fc.assert(
        fc.property(fc.string({ maxLength: 200 }), token(10), (text, value) => {
          const once = redact(`${text} password: ${value} https://a:${value}@b/ Bearer ${value}`);
          expect(redact(once)).toBe(once);
        }),
      );
    });

    it.each([
      'a',
      '://',
      '://a:',
      'eyJ',
      'eyJ-',
      'eyJaaaaaaaa.',
      'password',
      'password="',
      'token: | ',
      'basic ',
      'QUJD',
      '-----BEGIN ',
      '-----BEGIN PRIVATE KEY-----',
    ])('a long line of %j takes no long time', (piece) => {
      const start = performance.now();
      redact(piece.repeat(200_000 / piece.length));

      expect(performance.now() - start).toBeLessThan(500);
    });
  });

  describe('redactValues', () => {
    it('no given value survives as text, base64 or URL-encoded', () => {
      fc.assert(
        fc.property(
          fc.string({ minLength: 4, maxLength: 40 }).filter((value) => !'<redacted>'.includes(value)),
          (value) => {
            const forms = [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)];
            for (const form of forms) {
              expect(redactValues(`| ${form} |`, [value])).not.toContain(form);
            }
          },
        ),
      );
    });

    it('a value that contains another one is removed whole', () => {
      expect(redactValues('the key is hunter2-extended', ['hunter2', 'hunter2-extended'])).toBe(
        'the key is <redacted>',
      );
    });

    it('a value over several lines is removed where it stands in JSON', () => {
      expect(redactValues(JSON.stringify({ x: 'one\ntwo' }), ['one\ntwo'])).toBe('{"x":"<redacted>"}');
    });

    it('of a configuration file each longer line is removed by itself', () => {
      const file = '# redis\nport 6379\nrequirepass hunter2hunter2\r\nsave\n';
      expect(redactValues('line 3: "requirepass hunter2hunter2": save the port', [file])).toBe(
        'line 3: "<redacted>": save the port',
      );
    });

    it('a value that is no well-formed text is removed too', () => {
      expect(redactValues('x \ud800abc y', ['\ud800abc'])).toBe('x <redacted> y');
    });

    it('values under 4 characters are left, because they are parts of words', () => {
      expect(redactValues('true and abc', ['abc'])).toBe('true and abc');
    });

    it('no values leave what redact does', () => {
      expect(redactValues('https://a:bcde@f/', [])).toBe(redact('https://a:bcde@f/'));
    });
  });
});
