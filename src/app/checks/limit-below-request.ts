import { findQuantity, isMore } from '../quantity.js';
import type { Check } from './check.js';
import { entriesAt, valueAt } from './fields.js';

/** A container that asks for more than it may use: the API server would refuse its pod. */
export const limitBelowRequest: Check = {
  rule: 'limit-below-request',
  severity: 'error',
  find: (program) =>
    program.pods.flatMap(({ app, object, pod }) =>
      pod.containers.flatMap(({ field, container }) =>
        entriesAt(container, 'resources', 'limits').flatMap(([resource, limit]) => {
          const request = valueAt(container, 'resources', 'requests', resource);
          const isAbove = isMore(findQuantity(request) ?? 0, findQuantity(limit) ?? Infinity);
          const message = `the ${resource} limit ${String(limit)} is below the request ${String(request)}; raise the limit or lower the request`;
          return isAbove ? [{ app, object, field: `${field}.resources.limits.${resource}`, message }] : [];
        }),
      ),
    ),
};
