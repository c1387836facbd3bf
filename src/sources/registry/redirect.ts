import { StalledError } from '../../base/errors.js';
import { addressClassOf, forbiddenAddress, literalAddressOf } from './address-guard.js';
import type { AddressClass } from './address-guard.js';
import { nameOf } from './http.js';

/** An address that a registry sent us to. */
export interface Referral {
  readonly url: URL;
  /** Whether it is the registry's own host: connections may be shared. */
  readonly isOwnHost: boolean;
  /** Whether it is the same origin: the `Authorization` header may go along. */
  readonly isSameOrigin: boolean;
}

/** What referrals of one registry are checked against. */
export interface ReferralRules {
  /** The registry's own address. */
  readonly endpoint: URL;
  /** Classes of addresses that the registry itself is in, beside the public one. */
  readonly ownClasses: ReadonlySet<AddressClass>;
}

/**
 * Checks an address that a registry sent us to (a redirect, a token realm): https, or http for a registry that is itself reached by http on the
 * same machine or host; without user info; and not an internal address, unless the registry is internal in the same way.
 * @throws StalledError `registry/invalid`
 */
export function parseReferral(target: string, base: URL, { endpoint, ownClasses }: ReferralRules): Referral {
  if (!URL.canParse(target, base.href)) {
    throw new StalledError('registry/invalid', `${nameOf(base)} refers to something that is not a URL`);
  }
  const url = new URL(target, base);
  const refuse = (reason: string): never => {
    throw new StalledError('registry/invalid', `${nameOf(base)} refers to ${nameOf(url)}: ${reason}`);
  };
  const isOwnHost = url.hostname === endpoint.hostname;
  const areBothHere = isLoopbackName(url.hostname) && isLoopbackName(endpoint.hostname);
  const mayBePlain = endpoint.protocol === 'http:' && base.protocol === 'http:' && (isOwnHost || areBothHere);
  if (url.username !== '' || url.password !== '') {
    return refuse('it holds user info');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain)) {
    return refuse('only https is allowed');
  }
  const literal = literalAddressOf(url.hostname);
  const addressClass = literal === undefined ? undefined : addressClassOf(literal);
  if (!isOwnHost && addressClass !== undefined && addressClass !== 'public' && !ownClasses.has(addressClass)) {
    throw forbiddenAddress(url.hostname, addressClass);
  }
  return { url, isOwnHost, isSameOrigin: url.origin === endpoint.origin };
}

function isLoopbackName(hostname: string): boolean {
  const literal = literalAddressOf(hostname);
  return hostname === 'localhost' || (literal !== undefined && addressClassOf(literal) === 'loopback');
}
