import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { secretMarker } from '../../src/app/secret-marker.js';
import { sopsKey } from '../../src/app/sops-reference.js';
import { createSecretFiles } from '../../src/sops/secret-files.js';
import { encryptBinary, encryptYaml, newIdentity, type TestIdentity } from '../support/sops-file.js';
import { fixture, FIXTURE_ENV } from './fixtures.js';

const FILES = readdirSync(join(import.meta.dirname, '..', 'fixtures', 'sops')).filter((name) =>
  name.includes('.sops.'),
);

/** The value that an application gets that names it. */
async function read(
  file: string,
  path: readonly string[] | undefined,
  { text = fixture(file), env = FIXTURE_ENV }: { text?: string; env?: Record<string, string> } = {},
): Promise<string | undefined> {
  const key = sopsKey({ app: 'shop', file, ...(path && { path }) });
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { x: secretMarker(key) } };
  const encryptedFiles = { [`apps/shop/${file}`]: text };
  return (await createSecretFiles(env).valuesOf({ objects: [object], encryptedFiles }))[key];
}

describe('sops/secret-files', () => {
  describe('files of the sops command', () => {
    it.each([
      ['shop.sops.yaml', ['DB_PASSWORD'], 'sentinel-yaml-password'],
      ['shop.sops.yaml', ['empty'], ''],
      ['shop.sops.yaml', ['port'], '3306'],
      ['shop.sops.yaml', ['ratio'], '0.25'],
      ['shop.sops.yaml', ['big'], '1234567890123'],
      ['shop.sops.yaml', ['on'], 'true'],
      ['shop.sops.yaml', ['nothing'], ''],
      ['shop.sops.yaml', ['nested', 'redis.conf'], 'requirepass sentinel-conf\nport 6379\n'],
      ['shop.sops.yaml', ['note_unencrypted'], 'plain text'],
      ['shop.sops.json', ['10'], 'sentinel-ten'],
      ['shop.sops.json', ['DB_PASSWORD'], 'sentinel-json-password'],
      ['shop.sops.json', ['flag'], 'false'],
      ['shop.sops.env', ['DB_PASSWORD'], 'sentinel-env-password'],
      ['shop.sops.env', ['MULTI'], 'one\ntwo'],
      ['shop.sops.env', ['EMPTY'], ''],
      ['secret.sops.yaml', ['stringData', 'DB_PASSWORD'], 'sentinel-manifest-password'],
      ['secret.sops.yaml', ['metadata', 'name'], 'shop'],
      ['mac-only.sops.yaml', ['stringData', 'redis.conf'], 'requirepass sentinel-manifest-conf\n'],
      ['redis.sops.conf', undefined, 'requirepass sentinel-whole-file\nport 6379\n'],
      ['shop.sops.env', undefined, 'DB_PASSWORD=sentinel-env-password\nMULTI=one\\ntwo\nEMPTY=\n'],
    ])('%s %j', async (file, path, expected) => {
      expect(await read(file, path)).toBe(expected);
    });

    it('a whole YAML file comes in its order, without comments', async () => {
      const text = await read('shop.sops.yaml', undefined);
      expect(text).toMatch(/^DB_PASSWORD: sentinel-yaml-password\nempty: ""\nport: 3306\nratio: 0.25\n/);
      expect(text).toContain('  list:\n    - sentinel-item-one\n    - 2\n');
    });

    it('a whole JSON file comes in its order', async () => {
      expect(await read('shop.sops.json', undefined)).toBe(
        '{"10": "sentinel-ten", "2": "sentinel-two", "DB_PASSWORD": "sentinel-json-password", "port": 3306, "flag": false, "deep": {"a": ["x", 1.5]}}\n',
      );
    });
  });

  describe('what was changed after it was encrypted is refused, without a word of its content', () => {
    const changes: readonly [string, string, (text: string) => string][] = [
      ['a plain value', 'secret.sops.yaml', (text) => text.replace('name: shop', 'name: bank')],
      [
        'a plain value that is new',
        'secret.sops.yaml',
        (text) => text.replace('type: Opaque', 'type: Opaque\nmore: x'),
      ],
      ['an encrypted value that is gone', 'shop.sops.yaml', (text) => text.replace(/^port: .*\n/m, '')],
      ['an encrypted value with another name', 'shop.sops.yaml', (text) => text.replace('\nport:', '\nprot:')],
      ['a value put in plainly', 'shop.sops.yaml', (text) => text.replace(/^port: .*/m, 'port: 1')],
      [
        'two values in each other’s place',
        'shop.sops.json',
        (text) => text.replace(/"(10|2)":/g, (_, k) => `"${k === '2' ? '10' : '2'}":`),
      ],
      [
        'the time of the last change',
        'shop.sops.env',
        (text) => text.replace('lastmodified=2026', 'lastmodified=2027'),
      ],
      ['a variable that is gone', 'shop.sops.env', (text) => text.replace(/^DB_PASSWORD=.*\n/m, '')],
      [
        'another rule of what is encrypted',
        'secret.sops.yaml',
        (text) => text.replace('^(data|stringData)$', '^(data)$'),
      ],
      ['no data key', 'redis.sops.conf', (text) => text.replace(/YWdl\w{20}/, 'YWdl')],
    ];

    it.each(changes)('%s', async (_what, file, change) => {
      const text = change(fixture(file));
      expect(text).not.toBe(fixture(file));
      const reason: unknown = await read(file, undefined, { text }).catch((error: unknown) => error);
      expect(reason).toMatchObject({ code: 'sops/damaged', disposition: 'stalled' });
      expect(String(reason)).toContain(`apps/shop/${file}`);
      expect(String(reason)).not.toContain('sentinel');
    });
  });

  it.each([
    ['a map', 'shop.sops.yaml', ['nested']],
    ['a list', 'shop.sops.yaml', ['nested', 'list']],
    ['what is not there', 'shop.sops.yaml', ['DB_USER']],
    ['what is below a value', 'shop.sops.yaml', ['DB_PASSWORD', 'x']],
  ])('%s is no value', async (_what, file, path) => {
    const reason: unknown = await read(file, path).catch((error: unknown) => error);
    expect(reason).toMatchObject({ code: 'sops/unknown-key' });
    expect(String(reason)).toContain(`apps/shop/${file} has no value "${path[0]}"`);
    expect(String(reason)).toContain(`sops edit apps/shop/${file}`);
  });

  it.each([
    ['plain text', 'a: b\n', 'is not encrypted; encrypt it with: sops encrypt --in-place apps/shop/x.sops.yaml'],
    ['nothing', '', 'is empty'],
    ['no map', '- a\n', 'must be a map'],
    ['bad YAML', 'a: {\nb: sentinel\n', 'in line'],
    ['two documents', 'a: b\n---\nc: d\n', 'several documents'],
    ['an alias', 'a: &x b\nc: *x\n', 'alias'],
    ['half of what SOPS notes', 'a: b\nsops:\n  mac: x\n', 'sops.lastmodified'],
    ['no recipient', 'a: b\nsops: {mac: x, lastmodified: y, pgp: []}\n', 'no age recipient'],
    ['rules by comments', 'a: b\nsops: {mac: x, lastmodified: y, encrypted_comment_regex: z}\n', 'by comments'],
  ])('a file with %s says what is wrong with it', async (_what, text, expected) => {
    const reason: unknown = await read('x.sops.yaml', ['a'], { text }).catch((error: unknown) => error);
    expect(reason).toMatchObject({ code: 'sops/damaged' });
    expect(String(reason)).toContain(expected);
    expect(String(reason)).not.toContain('sentinel');
  });

  it('a file that the revision does not have is named', async () => {
    const key = sopsKey({ app: 'shop', file: 'x.sops.yaml', path: ['a'] });
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { x: secretMarker(key) } };
    await expect(createSecretFiles({}).valuesOf({ objects: [object] })).rejects.toThrow(
      'apps/shop/x.sops.yaml is not part',
    );
  });

  it('an application without encrypted files needs no identity', async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: secretMarker('shop.TOKEN') } };
    expect(await createSecretFiles({ HOME: '/nonexistent' }).valuesOf({ objects: [object] })).toEqual({});
  });

  describe('identities', () => {
    let ours: TestIdentity;
    let theirs: TestIdentity;
    let text: string;

    beforeAll(async () => {
      [ours, theirs] = [await newIdentity(), await newIdentity()];
      text = await encryptYaml({ a: 'sentinel', b: { c: 'd' } }, { recipient: ours.recipient });
    });

    it('one of several that fits is enough, whatever else is there', async () => {
      const SOPS_AGE_KEY = `# two\n${theirs.identity}\nAGE-PLUGIN-YUBIKEY-1QQQ\n  ${ours.identity}  \n`;
      expect(await read('x.sops.yaml', ['b', 'c'], { text, env: { HOME: '/nonexistent', SOPS_AGE_KEY } })).toBe('d');
    });

    it.each([
      ['none', () => ({}), 'no age identity to decrypt it with; put one into SOPS_AGE_KEY or'],
      ['one that is no recipient', () => ({ SOPS_AGE_KEY: theirs.identity }), 'sops updatekeys apps/shop/x.sops.yaml'],
      ['none that is understood', () => ({ SOPS_AGE_KEY: 'AGE-SECRET-KEY-1nonsense' }), 'no age identity'],
      ['a file that is not there', () => ({ SOPS_AGE_KEY_FILE: '/nonexistent/keys' }), '/nonexistent/keys'],
    ])('%s', async (_what, env, expected) => {
      const reason: unknown = await read('x.sops.yaml', ['a'], { text, env: { HOME: '/nonexistent', ...env() } }).catch(
        (error: unknown) => error,
      );
      expect(reason).toMatchObject({ code: 'sops/identity', disposition: 'stalled' });
      expect(String(reason)).toContain(expected);
      expect(String(reason)).not.toMatch(/sentinel|AGE-SECRET/);
    });

    it('an identity that is added later counts, and a file is decrypted once', async () => {
      const env: Record<string, string> = { HOME: '/nonexistent' };
      const files = createSecretFiles(env);
      const key = sopsKey({ app: 'shop', file: 'x.sops.conf' });
      const app = {
        objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { x: secretMarker(key) } }],
        encryptedFiles: { 'apps/shop/x.sops.conf': await encryptBinary('whole', { recipient: ours.recipient }) },
      };
      await expect(files.valuesOf(app)).rejects.toMatchObject({ code: 'sops/identity' });
      env['SOPS_AGE_KEY'] = ours.identity;
      expect(await files.valuesOf(app)).toEqual({ [key]: 'whole' });
      delete env['SOPS_AGE_KEY'];
      expect(await files.valuesOf(app)).toEqual({ [key]: 'whole' });
    });
  });

  it('every kind of file is tested', () => {
    expect(FILES.sort()).toEqual([
      'mac-only.sops.yaml',
      'redis.sops.conf',
      'secret.sops.yaml',
      'shop.sops.env',
      'shop.sops.json',
      'shop.sops.yaml',
    ]);
  });
});
