import { describe, expect, it } from 'vitest';
import { parseStackSettings } from '../../src/synth/stack-settings.js';

describe('synth/stack-settings', () => {
  it('plain values are read, secret ones are named, other projects are passed over', () => {
    const text = `
encryptionsalt: v1:abc
config:
  kubernetes:context: prod
  prodesk:domain: example.com
  prodesk:gitops.port: 9000
  prodesk:images: {}
  prodesk:mysql.MYSQL_USER:
    secure: v1:cipher
`;
    expect(parseStackSettings(text, 'Pulumi.prodesk.yaml')).toEqual({
      settings: { domain: 'example.com', 'gitops.port': '9000' },
      secretKeys: ['mysql.MYSQL_USER'],
    });
  });

  it.each(['', 'config:\n', 'encryptionsalt: v1:abc\n'])('%j has no settings', (text) => {
    expect(parseStackSettings(text, 'x')).toEqual({ settings: {}, secretKeys: [] });
  });

  it.each(['config: [1]', 'config: {', '- 1'])('%j names the file', (text) => {
    expect(() => parseStackSettings(text, 'Pulumi.dev.yaml')).toThrow('Pulumi.dev.yaml');
  });

  it.each([
    'config: {\n  a: sentinel',
    'a: b\nsentinel',
    'a: "sentinel',
    '- sentinel',
    'a: [sentinel\nb: c',
    'a: 1\na: sentinel',
  ])('a file that cannot be read is told by its place, without its content: %j', (text) => {
    const read = (): unknown => parseStackSettings(text, 'Pulumi.prodesk.yaml');
    expect(read).toThrow(/^Pulumi\.prodesk\.yaml is not a stack configuration: .*(line \d+|must be a map)/);
    expect(read).not.toThrow(/sentinel/);
    expect(read).toThrowError(expect.not.objectContaining({ cause: expect.anything() as unknown }) as Error);
  });
});
