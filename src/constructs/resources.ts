import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';
import { parseQuantity, quantity } from './quantity.js';

/** CPU and memory as Kubernetes quantities. */
export interface ComputeAmounts {
  /** Such as `100m` or `1`. */
  readonly cpu?: string;
  /** Such as `512Mi`. */
  readonly memory?: string;
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
    Object.entries(amounts as Record<string, string>).map(([kind, text]) => [kind, quantity(`${kind} ${what}`, text)]),
  );
}
