import { describe, expect, it } from 'vitest';
import { confiningFlags, parseAllowances, type SynthAllowance } from '../../src/synth/confinement.js';

const flagsOf = (version: string, ...allow: SynthAllowance[]): string[] =>
  confiningFlags({ readable: ['/checkout', '/modules'], home: '/home', allow: new Set(allow) }, version);

describe('synth/confinement', () => {
  it.each([
    ['20.18.1', '--experimental-permission'],
    ['22.12.0', '--experimental-permission'],
    ['22.13.0', '--permission'],
    ['23.4.0', '--experimental-permission'],
    ['23.5.0', '--permission'],
    ['26.0.0', '--permission'],
  ])('Node.js %s is confined by %s', (version, flag) => {
    expect(flagsOf(version)[0]).toBe(flag);
  });

  it('only the given folders and the preload can be read, and nothing else is allowed', () => {
    const allowed = flagsOf('22.13.0').filter((flag) => flag.startsWith('--allow'));
    expect(allowed.slice(0, 2)).toEqual(['--allow-fs-read=/checkout/*', '--allow-fs-read=/modules/*']);
    expect(allowed.slice(2)).toEqual([expect.stringMatching(/^--allow-fs-read=.*\/synth\/confine\.mjs$/)]);
  });

  it.each<[SynthAllowance, string, string[]]>([
    ['network', '24.0.0', []],
    ['network', '25.0.0', ['--allow-net']],
    ['processes', '22.13.0', ['--allow-child-process', '--allow-worker']],
    ['files', '22.13.0', ['--allow-fs-read=*', '--allow-fs-write=/home/*']],
  ])('"%s" on Node.js %s adds %j', (allowance, version, added) => {
    const before = new Set(flagsOf(version));
    const more = flagsOf(version, allowance).filter((flag) => flag.startsWith('--allow') && !before.has(flag));
    expect(more).toEqual(added);
  });

  it('the preload is told when the network is allowed', () => {
    const preload = (flags: string[]): string | undefined => flags.find((flag) => flag.startsWith('--import='));
    expect(preload(flagsOf('22.13.0'))).toMatch(/confine\.mjs$/);
    expect(preload(flagsOf('22.13.0', 'network'))).toMatch(/confine\.mjs\?network$/);
  });

  it('allowances are words between commas', () => {
    expect(parseAllowances(' network, files,')).toEqual(['network', 'files']);
    expect(parseAllowances('')).toEqual([]);
    expect(() => parseAllowances('everything')).toThrow(/"everything".*network, processes, files/);
  });
});
