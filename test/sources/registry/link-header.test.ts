import { describe, expect, it } from 'vitest';
import { parseNextPage } from '../../../src/sources/registry/link-header.js';

const HERE = new URL('https://ghcr.io/v2/user/image/tags/list?n=1000');

describe('sources/registry/link-header', () => {
  it.each([
    ['a path', '</v2/user/image/tags/list?last=b&n=100>; rel="next"', '?last=b&n=100'],
    ['a full address', '<https://ghcr.io/v2/user/image/tags/list?last=b>; rel="next"', '?last=b'],
    ['an http address of a proxied registry', '<http://ghcr.io/v2/user/image/tags/list?last=b>; rel="next"', '?last=b'],
    [
      'another port of a proxied registry',
      '<https://ghcr.io:5000/v2/user/image/tags/list?last=b>; rel="next"',
      '?last=b',
    ],
    ['a query alone', '<?last=b>; rel=next', '?last=b'],
    ['several relations', '</x>; rel="prev", </v2/user/image/tags/list?last=b>; rel="last next"', '?last=b'],
    ['more parameters', '</v2/user/image/tags/list?last=b>; title="x"; REL=next', '?last=b'],
  ])('%s gives the next query', (_name, header, query) => {
    expect(parseNextPage(header, HERE)).toEqual({ kind: 'next', query });
  });

  it.each([undefined, '', '</x>; rel="prev"', '</x>', 'rel="next"', '<>'])('%j is the last page', (header) => {
    expect(parseNextPage(header, HERE)).toEqual({ kind: 'none' });
  });

  it.each([
    'https://evil.example/v2/user/image/tags/list?last=b',
    '//evil.example/v2/user/image/tags/list',
    'https://ghcr.io.evil.example/v2/user/image/tags/list',
    'https://ghcr.io@evil.example/v2/user/image/tags/list',
    'http://169.254.169.254/',
    '/v2/other/image/tags/list?last=b',
    '/v2/user/image/tags/list/../../blobs/x',
    'file:///v2/user/image/tags/list',
    'https://[',
  ])('%s is refused', (target) => {
    expect(parseNextPage(`<${target}>; rel="next"`, HERE)).toEqual({ kind: 'refused', target });
  });
});
