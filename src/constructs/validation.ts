import { isIP } from 'node:net';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const DURATION = /^(\d+(ms|s|m|h|d))+$/;

/**
 * Returns a name that is a DNS label, as Services and containers must have.
 * @throws RangeError when it is not
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function checkLabel(what: string, name: string): string {
  if (!LABEL.test(name)) {
    throw new RangeError(`${what} is not a DNS label (a-z, 0-9, -; at most 63 characters): "${name}"`);
  }
  return name;
}

/**
 * Returns a name that is a DNS subdomain, as most objects must have.
 * @throws RangeError when it is not
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function checkSubdomain(what: string, name: string): string {
  if (name.length > 253 || !SUBDOMAIN.test(name)) {
    throw new RangeError(`${what} is not a DNS name (a-z, 0-9, -, .; at most 253 characters): "${name}"`);
  }
  return name;
}

/**
 * Returns a port number from 1 to 65535.
 * @throws RangeError when it is not
 */
export function checkPort(what: string, port: number): number {
  return checkInteger(what, port, 1, 65535);
}

/**
 * Reads a port number from a setting's text.
 * @throws RangeError when it is not one
 */
export function parsePort(what: string, text: string): number {
  if (!/^\d{1,5}$/.test(text)) {
    throw new RangeError(`${what} is not an integer from 1 to 65535: "${text}"`);
  }
  return checkPort(what, Number(text));
}

/**
 * Returns an integer within limits, both included.
 * @throws RangeError when it is not
 */
export function checkInteger(what: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${what} is not an integer from ${min} to ${max}: "${value}"`);
  }
  return value;
}

/**
 * Returns an IP address.
 * @throws RangeError when it is not one
 */
export function checkAddress(what: string, address: string): string {
  if (isIP(address) === 0) {
    throw new RangeError(`${what} is not an IP address: "${address}"`);
  }
  return address;
}

/** Whether an IP address is one of version 6. */
export function isIpv6(address: string): boolean {
  return isIP(address) === 6;
}

/**
 * Returns an address range in CIDR notation, such as `192.168.0.0/24`.
 * @throws RangeError when it is not one
 */
export function checkAddressRange(what: string, range: string): string {
  const [address = '', bits = '', ...rest] = range.split('/');
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  if (family === 0 || rest.length > 0 || !/^\d+$/.test(bits) || Number(bits) > width) {
    throw new RangeError(`${what} is not an address range in CIDR notation: "${range}"`);
  }
  return range;
}

/**
 * Returns an absolute path without `..`.
 * @throws RangeError when it is not one
 */
export function checkAbsolutePath(what: string, path: string): string {
  if (!path.startsWith('/') || path.split('/').includes('..')) {
    throw new RangeError(`${what} is not an absolute path without "..": "${path}"`);
  }
  return path;
}

/**
 * Returns a duration as Prometheus and Traefik write it, such as `30s`.
 * @throws RangeError when it is not one
 */
export function checkDuration(what: string, duration: string): string {
  if (!DURATION.test(duration)) {
    throw new RangeError(`${what} is not a duration such as 30s or 1m30s: "${duration}"`);
  }
  return duration;
}
