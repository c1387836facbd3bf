import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { metadataOf, Middleware, type MiddlewareOptions } from './middleware.js';
import { checkAddressRange, checkInteger } from './validation.js';

/** Properties of an {@link IpAllowList}. */
export interface IpAllowListProps extends MiddlewareOptions {
  /** Address ranges in CIDR notation, such as `192.168.0.0/24`. */
  readonly sourceRange: readonly string[];
  /** Which address of `X-Forwarded-For`, from the right, is the client's: 1 behind one proxy. @default - the connection's address */
  readonly forwardedDepth?: number;
  /** Addresses of proxies in `X-Forwarded-For` to pass over, instead of `forwardedDepth`. @default - none */
  readonly excludedIps?: readonly string[];
  /** The answer to everybody else. @default - Traefik's: 403 */
  readonly rejectStatusCode?: number;
}

/**
 * A Traefik middleware that answers 403 to everybody else.
 * It sees real client addresses only where nothing translates them before: use Traefik's `hostNetwork` exposure.
 */
export class IpAllowList extends Middleware {
  constructor(scope: Construct, id: string, props: IpAllowListProps) {
    const { name, sourceRange, forwardedDepth, excludedIps, rejectStatusCode } = props;
    if (sourceRange.length === 0) {
      throw new RangeError(`allow list would refuse everybody, it has no address range: "${name}"`);
    }
    const depth = forwardedDepth && checkInteger('depth of forwarded addresses', forwardedDepth, 1, 100);
    const ipAllowList = defined({
      sourceRange: sourceRange.map((range) => checkAddressRange('allowed address range', range)),
      ipStrategy:
        depth === undefined && excludedIps === undefined ? undefined : defined({ depth, excludedIPs: excludedIps }),
      rejectStatusCode,
    });
    super(scope, id, { ...metadataOf(props), spec: { ipAllowList } });
  }
}
