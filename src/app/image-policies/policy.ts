/** A platform such as `linux/amd64`, or several, all of which an image must have. */
export type Platforms = string | readonly string[];

/**
 * Where the login for a private image is: the name of a pull secret in the application's own namespace; one in another namespace, which the
 * daemon must allow; or the key of a secret of the application in the stack configuration (`prodesk:<application>.<key>`), which holds a Docker
 * configuration or `user:password`.
 */
export type PullSecret = string | { readonly name: string; readonly namespace: string } | { readonly config: string };

/** What makes an image trusted. */
export interface Verify {
  /**
   * The public key that cosign's signatures must fit, as PEM, or the name of a stack-config setting that holds it (`prodesk:<name>`). Several
   * keys in one text all count.
   */
  readonly cosignKey: string;
}

/** What every policy says of the image that it follows. */
export interface FollowedImage {
  /** Registry and repository without a tag, such as `ghcr.io/sijunkim/friend-app`. */
  readonly image: string;
  /** A regular expression (RE2 syntax) that a tag must match. */
  readonly allow?: string;
  /** Regular expressions; a tag that matches any of them is never taken. */
  readonly ignore?: readonly string[];
  readonly platform: Platforms;
  readonly pullSecret?: PullSecret;
  readonly verify?: Verify;
}

/** See {@link newestBuild}. */
export interface NewestBuildPolicy extends FollowedImage {
  readonly strategy: 'newest-build';
}

/** See {@link semver}. */
export interface SemverPolicy extends FollowedImage {
  readonly strategy: 'semver';
  readonly range: string;
  readonly preReleases: boolean;
  readonly extract?: string;
}

/** See {@link alphabetical}. */
export interface AlphabeticalPolicy extends FollowedImage {
  readonly strategy: 'alphabetical';
  readonly order: 'ascending' | 'descending';
  readonly extract?: string;
}

/** See {@link digest}. */
export interface DigestPolicy extends FollowedImage {
  readonly strategy: 'digest';
  readonly tag: string;
  readonly mayGoBack: boolean;
}

/** Which builds of one image an application follows. */
export type ImagePolicy = NewestBuildPolicy | SemverPolicy | AlphabeticalPolicy | DigestPolicy;

/** Options that every policy has. */
export interface FollowOptions {
  /** The platform that the image must have, or all of several. @default linux/amd64 */
  readonly platform?: Platforms;
  /** Where the login for a private image is. @default - the daemon's own logins, else none */
  readonly pullSecret?: PullSecret;
  /** Only builds that are signed are taken, and deployed by their digest. @default - signatures are not looked at */
  readonly verify?: Verify;
}

/** Options of policies that choose among tags. */
export interface FilterOptions extends FollowOptions {
  /** A regular expression (RE2 syntax: no look-around, no back-references) that a tag must match, such as `^master-`. @default - every tag */
  readonly allow?: string;
  /** Regular expressions of tags that are never taken. @default - none */
  readonly ignore?: readonly string[];
}

/** The platforms that an image must have. */
export function platformsOf({ platform }: Pick<FollowedImage, 'platform'>): readonly string[] {
  return typeof platform === 'string' ? [platform] : platform;
}
