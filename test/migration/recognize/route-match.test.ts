import { describe, expect, it } from 'vitest';
import { matchProps } from '../../../src/migration/recognize/route-match.js';

describe('migration/recognize/route-match', () => {
  it.each([
    ['Host(`a.b`)', { host: 'a.b' }],
    ['Host(`a.b`) && PathPrefix(`/x`)', { host: 'a.b', pathPrefix: '/x' }],
    ['(Host(`a.b`) || Host(`c.d`)) && Method(`GET`)', { host: ['a.b', 'c.d'], methods: ['GET'] }],
    ['Host(`a.b`) && (PathPrefix(`/x`) || PathPrefix(`/y`))', { host: 'a.b', pathPrefix: ['/x', '/y'] }],
    ['Host(`a.b`) && Path(`/x`) && Header(`K`, `v`)', { host: 'a.b', path: '/x', headers: { K: 'v' } }],
    [
      'Host(`a.b`) && (ClientIP(`10.0.0.0/8`) || !Path(`/x`))',
      { host: 'a.b', condition: 'ClientIP(`10.0.0.0/8`) || !Path(`/x`)' },
    ],
    ['Host(`a.b`) && PathRegexp(`^/(a && b)`)', { host: 'a.b', condition: 'PathRegexp(`^/(a && b)`)' }],
    ['Host(`a.b`) && (Path(`/x`) || PathPrefix(`/y`))', { host: 'a.b', condition: 'Path(`/x`) || PathPrefix(`/y`)' }],
  ])('%s', (match, expected) => {
    const { ...props } = matchProps(match);
    expect(Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined))).toEqual(expected);
  });

  it.each(['PathPrefix(`/x`)', 'HostRegexp(`.+`)', 'Host(`a.b`) || PathPrefix(`/x`)', '', 'Host(`a`, `b`)'])(
    'finds no host in %s',
    (match) => {
      expect(matchProps(match)).toBeUndefined();
    },
  );
});
