import { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { parseQuantity, quantity } from './quantity.js';

/** CPU, memory and others as Kubernetes quantities. */
export interface ComputeAmounts {
  /** Such as `100m` or `1`. */
  readonly cpu?: string;
  /** Such as `512Mi`. */
  readonly memory?: string;
  /** Room on the node's own disk. */
  readonly 'ephemeral-storage'?: string;
  /** Devices and others of a domain of their own, such as `nvidia.com/gpu`. */
  readonly [extended: `${string}/${string}`]: string | number;
}

/** What a container asks for and what it may use at most. */
export interface ResourcesProps {
  /** @default - nothing is reserved */
  readonly requests?: ComputeAmounts;
  /** @default - no limit */
  readonly limits?: ComputeAmounts;
}

/**
 * The `resources` of a container.
 * @throws RangeError when an amount is not a quantity, or a request is above its limit
 */
export function renderResources({ requests, limits }: ResourcesProps): k8s.ResourceRequirements {
  for (const kind of ['cpu', 'memory'] as const) {
    const [request, limit] = [requests?.[kind], limits?.[kind]];
    if (
      request !== undefined &&
      limit !== undefined &&
      parseQuantity(`${kind} request`, request) > parseQuantity(`${kind} limit`, limit)
    ) {
      throw new RangeError(`${kind} request "${request}" is above the limit "${limit}"`);
    }
  }
  return defined({
    requests: requests && renderAmounts('request', requests),
    limits: limits && renderAmounts('limit', limits),
  });
}

function renderAmounts(what: string, amounts: ComputeAmounts): Record<string, k8s.Quantity> {
  return Object.fromEntries(
    Object.entries(amounts as Record<string, string | number>).map(([kind, amount]) => {
      const checked = quantity(`${kind} ${what}`, String(amount));
      return [kind, typeof amount === 'number' ? k8s.Quantity.fromNumber(amount) : checked];
    }),
  );
}
