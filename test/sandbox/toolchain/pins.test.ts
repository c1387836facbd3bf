import { describe, expect, it } from 'vitest';
import { isGoAtLeast, parseGoMod, readPin } from '../../../src/sandbox/toolchain/pins.js';
import { PROGRAMS } from '../../../src/sandbox/toolchain/programs.js';

const GO_MOD = `module example.com/toolchain

go 1.26.0

require example.com/single v1.2.3

require (
	example.com/tool/v3 v3.7.3 // indirect
	example.com/tool v0.1.0 // indirect
	example.com/old v29.7.2+incompatible // indirect
)
`;

describe('sandbox/toolchain/pins', () => {
  it.each([
    ['example.com/tool/v3', 'v3.7.3'],
    ['example.com/tool', 'v0.1.0'],
    ['example.com/single', 'v1.2.3'],
    ['example.com/old', 'v29.7.2'],
  ])('go.mod pins %s to %s', (module, version) => {
    expect(parseGoMod(GO_MOD, module)).toEqual({ version, goVersion: '1.26.0' });
  });

  it('a module that go.mod does not require is a mistake of ours', () => {
    expect(() => parseGoMod(GO_MOD, 'example.com/absent')).toThrow('go.mod does not pin example.com/absent');
  });

  it.each([
    ['go1.26.8', '1.26.0', true],
    ['go1.26', '1.26.0', true],
    ['go1.26.0', '1.26.1', false],
    ['go1.25.9', '1.26', false],
    ['go2.0', '1.26.5', true],
    ['go1.27rc1', '1.26.0', true],
  ])('%s against %s: %s', (release, least, enough) => {
    expect(isGoAtLeast(release, least)).toBe(enough);
  });

  it.each(Object.values(PROGRAMS))('$name is pinned in this repository', async (program) => {
    const pin = await readPin(program, 'linux/amd64');

    expect(pin.version).toMatch(/^v\d+\.\d+\.\d+(-\d{14}-[0-9a-f]{12})?$/);
    expect(pin.key).toMatch(new RegExp(`^${program.group}-[0-9a-f]{16}$`));
  });

  it('another platform has another cache', async () => {
    const [linux, mac] = await Promise.all([
      readPin(PROGRAMS.crane, 'linux/amd64'),
      readPin(PROGRAMS.crane, 'darwin/arm64'),
    ]);

    expect(linux.key).not.toBe(mac.key);
  });
});
