/** The tags of a repository, or why there are none. */
export type TagList =
  | { readonly kind: 'found'; readonly tags: readonly string[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'denied'; readonly message: string };

/** One build of an image. */
export interface ImageBuild {
  readonly tag: string;
  /** The digest that the tag points to: of the index, where there is one. */
  readonly digest: string;
  /** The `created` time of the image configuration, in milliseconds since the epoch; undefined where the image does not say. */
  readonly createdAt?: number;
}

/** A login that an application names, instead of the daemon's own. */
export interface GivenLogin {
  /** Names it: what is kept for one login is not used for another. */
  readonly id: string;
  /** A Docker configuration, or `user:password`. */
  readonly text: string;
}

/** How a registry is asked. */
export interface AskOptions {
  /** @default - the daemon's own login for the host, if any */
  readonly login?: GivenLogin;
  readonly signal?: AbortSignal;
}

/** What is asked about a tag. */
export interface DescribeOptions extends AskOptions {
  /** Such as `linux/amd64`; an image must have all of them. The build's time is that of the first. */
  readonly platforms: readonly string[];
  /** A tag that was described before counts as it was, without a request: for tags that do not move. @default false */
  readonly remembered?: boolean;
}

/** By which keys a signature is looked for. */
export interface VerifyOptions extends AskOptions {
  /** One public key or several, as PEM. */
  readonly publicKeys: string;
}

/** Whether an image is signed. */
export type Verification = { readonly kind: 'verified' } | { readonly kind: 'refused'; readonly reason: string };

/** Reads tags and image configurations by the OCI distribution API. */
export interface Registry {
  /**
   * All tags of an image's repository, across all pages.
   * @throws TransientError `registry/unavailable`, `registry/rate-limited` (with `retryAfterMs` when the registry said so); StalledError `registry/invalid`
   */
  listTags(image: string, options?: AskOptions): Promise<TagList>;
  /**
   * The build behind a tag, or undefined when the tag is gone or has no image for one of the platforms. What was learned is kept by digest, across restarts.
   */
  describe(image: string, tag: string, options: DescribeOptions): Promise<ImageBuild | undefined>;
  /**
   * Whether an image has a good signature of cosign by one of the keys. That it has is remembered.
   * @throws as {@link Registry.listTags}, and StalledError `registry/denied`; ConfigError `config/invalid` when the keys cannot be used
   */
  verify(image: string, digest: string, options: VerifyOptions): Promise<Verification>;
  /** Writes down what was learned, and ends open connections and requests. */
  close(): Promise<void>;
}
