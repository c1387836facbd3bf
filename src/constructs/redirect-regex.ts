import type { Construct } from 'constructs';
import { Middleware } from './middleware.js';

/** Properties of a {@link RedirectRegex}. */
export interface RedirectRegexProps {
  readonly name: string;
  /** A regular expression (Go's) for the whole address, such as `^https://www\.(.+)`. */
  readonly regex: string;
  /** Where to; `${1}` is what the first group matched. */
  readonly replacement: string;
  /** Whether browsers may remember it (301 instead of 302). @default true */
  readonly permanent?: boolean;
}

/** A Traefik middleware that sends clients to another address. */
export class RedirectRegex extends Middleware {
  constructor(scope: Construct, id: string, { name, regex, replacement, permanent = true }: RedirectRegexProps) {
    super(scope, id, name, { redirectRegex: { regex, replacement, permanent } });
  }
}
