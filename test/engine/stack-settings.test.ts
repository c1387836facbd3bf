import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { StackSettingsFile } from '../../src/engine/stack-settings.js';

const FILE = 'Pulumi.prodesk.yaml';
const file = (text: string) => new StackSettingsFile(text, FILE);

const GIT = `# the stack
config:
  prodesk:domain: example.org
  prodesk:retries: 3
  prodesk:hosts: [a, b]
`;
const LOCAL = `encryptionsalt: v1:local
config:
  prodesk:domain: old.example.org
  prodesk:gone: x
  prodesk:app.password:
    secure: v1:cipher
  prodesk:images:
    a:
      ghcr.io/o/a: master-1
`;

describe('engine/stack-settings', () => {
  it('plain values become texts, structured ones JSON, secret ones names', () => {
    const text = `${GIT}  prodesk:token:\n    secure: v1:x\n  prodesk:deep:\n    user: ann\n    password:\n      secure: v1:y\n  kubernetes:namespace: z\n`;
    expect(file(text).settings()).toEqual({
      settings: { domain: 'example.org', retries: '3', hosts: '["a","b"]' },
      secretKeys: ['token', 'deep'],
    });
  });

  it.each(['', '# nothing\n', 'config:\n', '{}'])('%j has no settings and no overrides', (text) => {
    expect(file(text).settings()).toEqual({ settings: {}, secretKeys: [] });
    expect(file(text).overrides()).toEqual({});
  });

  it.each(['', 'config:\n', GIT, LOCAL])('overrides that are written into %j are read back', (text) => {
    const overrides = { b: { 'ghcr.io/o/b': '1.10' }, c: { x: 'yes' } };
    expect(file(file(text).withOverrides(overrides)).overrides()).toEqual(overrides);
  });

  it('removing all overrides leaves no trace, and comments stay', () => {
    const written = file(GIT).withOverrides({ a: { i: 't' } });
    expect(written).toContain('# the stack');
    expect(file(written).withOverrides({})).not.toContain('images');
  });

  it("Git's values win, overrides and secrets of this machine stay, settings that left Git go", () => {
    expect(parse(file(GIT).takingOver(file(LOCAL)))).toEqual({
      encryptionsalt: 'v1:local',
      config: {
        'prodesk:domain': 'example.org',
        'prodesk:retries': 3,
        'prodesk:hosts': ['a', 'b'],
        'prodesk:app.password': { secure: 'v1:cipher' },
        'prodesk:images': { a: { 'ghcr.io/o/a': 'master-1' } },
      },
    });
  });

  it("Git's way to encrypt replaces the local one, with all secrets", () => {
    const git = `encryptionsalt: v1:git\nconfig:\n  prodesk:token:\n    secure: v1:g\n`;
    expect(parse(file(git).takingOver(file(LOCAL)))).toEqual({
      encryptionsalt: 'v1:git',
      config: { 'prodesk:token': { secure: 'v1:g' }, 'prodesk:images': { a: { 'ghcr.io/o/a': 'master-1' } } },
    });
  });

  it('a secret that Git has wins over the local one of that name', () => {
    const git = `config:\n  prodesk:app.password:\n    secure: v1:git\n`;
    expect(parse(file(git).takingOver(file(LOCAL)))).toMatchObject({
      config: { 'prodesk:app.password': { secure: 'v1:git' } },
    });
  });

  it('overrides in Git do not count', () => {
    const git = `config:\n  prodesk:images:\n    a:\n      ghcr.io/o/a: master-placeholder\n`;
    expect(file(file(git).takingOver(file(LOCAL))).overrides()).toEqual({ a: { 'ghcr.io/o/a': 'master-1' } });
    expect(file(file(git).takingOver(file(''))).overrides()).toEqual({});
  });

  it('taking over changes neither file', () => {
    const [git, local] = [file(GIT), file(LOCAL)];
    git.takingOver(local);
    expect(git.settings().secretKeys).toEqual([]);
    expect(local.settings().settings['domain']).toBe('old.example.org');
  });

  it.each([
    ['broken YAML', 'config:\n  a: b\n c: d\n', /^Pulumi\.prodesk\.yaml:\d: /],
    ['a list', '- a\n', /^Pulumi\.prodesk\.yaml:1: the file must be a map/],
    ['a list as config', 'config: [a]\n', /^Pulumi\.prodesk\.yaml: config must be a map/],
    ['a number as image tag', 'config:\n  prodesk:images:\n    a:\n      i: 1\n', /prodesk:images\.a\.i/],
  ])('%s is refused with file and place', (_name, text, message) => {
    expect(() => file(text)).toThrow(message);
    expect(() => file(text)).toThrow(expect.objectContaining({ code: 'config/invalid', disposition: 'config' }));
  });
});
