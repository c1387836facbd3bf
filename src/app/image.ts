/** An image reference in its parts. At least one of `tag` and `digest` is usually there. */
export interface ImageReference {
  /** Registry and repository, such as `ghcr.io/sijunkim/naver-news-spring`; as written, not normalized. */
  readonly name: string;
  readonly tag?: string;
  /** Such as `sha256:...`. */
  readonly digest?: string;
}

/** What a tag looks like, by the distribution reference grammar. */
export const TAG = /^\w[\w.-]{0,127}$/;

/** What follows an image's name: which build of it is meant. */
export type ImageVersion = Pick<ImageReference, 'tag' | 'digest'>;

/** Where an image's repository is on the network. */
export interface ImageRepository {
  /** Host and optional port, such as `ghcr.io`; Docker Hub is `registry-1.docker.io`. */
  readonly host: string;
  /** Path below the host, such as `sijunkim/friend-app`, with `library/` added for Docker Hub's official images. */
  readonly repository: string;
}

/** Splits a reference into name, tag and digest, as the distribution reference grammar does. */
export function parseImage(reference: string): ImageReference {
  const at = reference.indexOf('@');
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  const rest = at < 0 ? reference : reference.slice(0, at);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  return {
    name: hasTag ? rest.slice(0, colon) : rest,
    ...(hasTag ? { tag: rest.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The inverse of {@link parseImage}. */
export function formatImage({ name, tag, digest }: ImageReference): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Splits a version as overrides, status and history write it: `v1`, `v1@sha256:...` or `sha256:...`; a tag has no colon. */
export function parseVersion(text: string): ImageVersion {
  const at = text.indexOf('@');
  const tag = at < 0 && text.includes(':') ? '' : text.slice(0, at < 0 ? undefined : at);
  const digest = text.slice(at < 0 ? tag.length : at + 1);
  return { ...(tag === '' ? {} : { tag }), ...(digest === '' ? {} : { digest }) };
}

/** The inverse of {@link parseVersion}; empty text for no version. */
export function formatVersion({ tag, digest }: ImageVersion): string {
  return [tag, digest].filter((part) => part !== undefined).join('@');
}

/** A version for people: of a digest only its first 12 digits. */
export function shortVersion(text: string): string {
  return text.replace(/(sha\d+:[0-9a-f]{12})[0-9a-f]+/, '$1');
}

/** The registry host and repository of an image name, with Docker Hub's defaults. */
export function repositoryOf(name: string): ImageRepository {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  if (!hasHost || first === 'docker.io' || first === 'index.docker.io') {
    const path = hasHost ? name.slice(slash + 1) : name;
    return { host: 'registry-1.docker.io', repository: path.includes('/') ? path : `library/${path}` };
  }
  return { host: first, repository: name.slice(slash + 1) };
}
