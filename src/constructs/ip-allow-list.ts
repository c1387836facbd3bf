import { Construct } from 'constructs';
import { Middleware } from '../imports/traefik.io.js';
import { checkAddressRange, checkSubdomain } from './validation.js';

/** Properties of an {@link IpAllowList}. */
export interface IpAllowListProps {
  readonly name: string;
  /** Address ranges in CIDR notation, such as `192.168.0.0/24`. */
  readonly sourceRange: readonly string[];
}

/**
 * A Traefik middleware that answers 403 to everybody else.
 * It sees real client addresses only where nothing translates them before: use Traefik's `hostNetwork` exposure.
 */
export class IpAllowList extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: IpAllowListProps) {
    super(scope, id);
    this.name = checkSubdomain('middleware name', props.name);
    if (props.sourceRange.length === 0) {
      throw new RangeError(`allow list would refuse everybody, it has no address range: "${this.name}"`);
    }
    const sourceRange = props.sourceRange.map((range) => checkAddressRange('allowed address range', range));
    new Middleware(this, 'middleware', { metadata: { name: this.name }, spec: { ipAllowList: { sourceRange } } });
  }
}
