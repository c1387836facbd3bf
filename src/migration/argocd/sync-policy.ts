import type { SyncPolicyProps } from '../../app/sync-policy.js';
import type { ApplicationSpec } from './schema.js';

/** The sync policy that means what an Application's does. */
export function syncOf({ syncPolicy }: ApplicationSpec): SyncPolicyProps {
  const automated = syncPolicy?.automated ?? undefined;
  const createNamespace = syncPolicy?.syncOptions?.includes('CreateNamespace=true') === true;
  const own = createNamespace ? {} : { createNamespace };
  if (automated === undefined || automated.enabled === false) {
    return createNamespace ? 'manual' : { automated: false, selfHeal: false, ...own };
  }
  const policy = {
    ...(automated.prune === true ? {} : { prune: false }),
    ...(automated.selfHeal === true ? {} : { selfHeal: false }),
    ...own,
  };
  return Object.keys(policy).length === 0 ? 'auto' : policy;
}
