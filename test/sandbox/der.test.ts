import { describe, expect, it } from 'vitest';
import { bits, integer, objectId, octets, sequence, time } from '../../src/sandbox/der.js';

describe('sandbox/der', () => {
  it.each([
    ['a number', integer(Buffer.from([0x02])), '020102'],
    ['a number whose first bit is set', integer(Buffer.from([0x80])), '02020080'],
    ['bits', bits(Buffer.from([0x06]), 1), '03020106'],
    ['an identifier', objectId('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['an empty list', sequence(), '3000'],
    [
      'a time before 2050',
      time(new Date('2049-12-31T23:59:59Z')),
      `170d${Buffer.from('491231235959Z').toString('hex')}`,
    ],
    [
      'a time from 2050 on',
      time(new Date('2050-01-01T00:00:00Z')),
      `180f${Buffer.from('20500101000000Z').toString('hex')}`,
    ],
  ])('writes %s', (_, element, hex) => {
    expect(element.toString('hex')).toBe(hex);
  });

  it.each([
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_536, '0483010000'],
  ])('a length of %d takes as many bytes as it needs', (length, start) => {
    expect(octets(Buffer.alloc(length)).toString('hex').slice(0, start.length)).toBe(start);
  });
});
