import { StalledError, TransientError } from '../../base/errors.js';
import type { HostClient } from './host-client.js';
import { nameOf } from './http.js';
import { parseNextPage } from './link-header.js';
import type { LruCache } from './lru-cache.js';
import type { TagList } from './port.js';
import { parseBody } from './response.js';
import { tagPageSchema } from './schema.js';

/** A page of tags as a registry gave it, to be confirmed by its entity tag. */
export interface TagPage {
  readonly etag: string;
  readonly tags: readonly string[];
  readonly link: string | undefined;
}

/** What reading a tag list works with. */
export interface TagReader {
  readonly client: HostClient;
  readonly pages: LruCache<TagPage>;
}

const PAGE_SIZE = 1000;
const MAX_PAGES = 500;
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/**
 * All tags across all pages. `absent` when the first page is not there. A page that is as long as it may be and names no next one is followed by
 * `last` as well: some registries (go-containerregistry) cut the list without saying so.
 */
export async function readTags(reader: TagReader, repository: string, signal?: AbortSignal): Promise<TagList> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let usesLinks = false;
  let query: string | undefined = `?n=${PAGE_SIZE}`;
  while (query !== undefined) {
    if (seen.has(query) || seen.size === MAX_PAGES) {
      throw new StalledError('registry/invalid', `the tag list of ${repository} has no end (${seen.size} pages read)`);
    }
    seen.add(query);
    const page = await readPage(reader, repository, query, signal);
    if (page === undefined && tags.size > 0) {
      throw new TransientError('registry/unavailable', `the tag list of ${repository} ended in the middle`);
    }
    if (page === undefined) {
      return { kind: 'absent' };
    }
    const before = tags.size;
    page.tags.forEach((tag) => tags.add(tag));
    const isNew = tags.size > before;
    const linked = linkedQuery(page.link, reader.client.urlOf({ repository, path: 'tags/list', query, maxBytes: 0 }));
    usesLinks ||= linked !== undefined;
    query = linked ?? (usesLinks || !isNew ? undefined : unlinkedQuery(page.tags));
  }
  return { kind: 'found', tags: [...tags] };
}

function linkedQuery(link: string | undefined, current: URL): string | undefined {
  const next = parseNextPage(link, current);
  if (next.kind === 'refused') {
    const message = `the tag list ${nameOf(current)} goes on at another place, which is not allowed: ${next.target}`;
    throw new StalledError('registry/invalid', message);
  }
  return next.kind === 'next' ? next.query : undefined;
}

function unlinkedQuery(tags: readonly string[]): string | undefined {
  const last = tags.at(-1);
  return tags.length !== PAGE_SIZE || last === undefined
    ? undefined
    : `?n=${PAGE_SIZE}&last=${encodeURIComponent(last)}`;
}

async function readPage(
  { client, pages }: TagReader,
  repository: string,
  query: string,
  signal?: AbortSignal,
): Promise<Omit<TagPage, 'etag'> | undefined> {
  const request = { repository, path: 'tags/list', query, maxBytes: MAX_PAGE_BYTES, signal };
  const key = client.urlOf(request).href;
  const known = pages.get(key);
  const conditional: Record<string, string> = known === undefined ? {} : { 'if-none-match': known.etag };
  const response = await client.send({ ...request, headers: { accept: 'application/json', ...conditional } });
  const link = response.header('link');
  if (response.status === 304 && known !== undefined) {
    return { ...known, link: link ?? known.link };
  }
  if (response.status === 404) {
    return undefined;
  }
  if (response.status !== 200) {
    throw new StalledError(
      'registry/invalid',
      `the tag list of ${repository} was answered with status ${response.status}`,
    );
  }
  const tags = parseBody(tagPageSchema, response, `the tag list of ${repository}`).tags ?? [];
  const etag = response.header('etag');
  // An entity tag may leave out the link: a full page that was the last one is read again, because there may be a next one now.
  if (etag !== undefined && (link !== undefined || tags.length < PAGE_SIZE)) {
    pages.set(key, { etag, tags, link });
  }
  return { tags, link };
}
