/** Where the next page of a list is. `refused` names an address on another host. */
export type NextPage =
  | { readonly kind: 'none' }
  | { readonly kind: 'next'; readonly query: string }
  | { readonly kind: 'refused'; readonly target: string };

/**
 * The next page from a `Link` header (RFC 8288), as a query for the path of the present page: a registry chooses where its
 * list goes on, not which host or path we ask. Behind a proxy the scheme and port of the target may differ, the host may not.
 */
export function parseNextPage(header: string | undefined, current: URL): NextPage {
  const target = targetOfNext(header ?? '');
  if (target === undefined) {
    return { kind: 'none' };
  }
  if (!URL.canParse(target, current.href)) {
    return { kind: 'refused', target };
  }
  const { hostname, pathname, search, protocol } = new URL(target, current);
  const isHere = hostname === current.hostname && pathname === current.pathname && /^https?:$/.test(protocol);
  return isHere ? { kind: 'next', query: search } : { kind: 'refused', target };
}

function targetOfNext(header: string): string | undefined {
  for (const [, target, parameters] of header.slice(0, 16_384).matchAll(/<([^>]*)>((?:\s*;[^,;<]*)*)/g)) {
    const relation = /;\s*rel\s*=\s*"?([^";]*)"?/i.exec(parameters ?? '')?.[1] ?? '';
    if (relation.toLowerCase().split(/\s+/).includes('next')) {
      return target;
    }
  }
  return undefined;
}
