import type { Construct } from 'constructs';
import { defined } from './defined.js';
import { Middleware } from './middleware.js';
import { checkAddressRange, checkInteger } from './validation.js';

/** Properties of an {@link IpAllowList}. */
export interface IpAllowListProps {
  readonly name: string;
  /** Address ranges in CIDR notation, such as `192.168.0.0/24`. */
  readonly sourceRange: readonly string[];
  /** Which address of `X-Forwarded-For`, from the right, is the client's: 1 behind one proxy. @default - the connection's address */
  readonly forwardedDepth?: number;
}

/**
 * A Traefik middleware that answers 403 to everybody else.
 * It sees real client addresses only where nothing translates them before: use Traefik's `hostNetwork` exposure.
 */
export class IpAllowList extends Middleware {
  constructor(scope: Construct, id: string, { name, sourceRange, forwardedDepth }: IpAllowListProps) {
    if (sourceRange.length === 0) {
      throw new RangeError(`allow list would refuse everybody, it has no address range: "${name}"`);
    }
    const depth = forwardedDepth && checkInteger('depth of forwarded addresses', forwardedDepth, 1, 100);
    super(scope, id, name, {
      ipAllowList: defined({
        sourceRange: sourceRange.map((range) => checkAddressRange('allowed address range', range)),
        ipStrategy: depth === undefined ? undefined : { depth },
      }),
    });
  }
}
