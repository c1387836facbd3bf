import type { SyncWindow } from './sync-window.js';

/** How an application follows its desired state. */
export interface SyncPolicy {
  /** Sync by itself. When false, differences are only reported until a person syncs the application. */
  readonly automated: boolean;
  /** Delete objects that left the desired state. */
  readonly prune: boolean;
  /** Undo manual changes of live objects. */
  readonly selfHeal: boolean;
  /** Create the application's namespace when it is missing. */
  readonly createNamespace: boolean;
  /** When it may sync by itself. @default - always */
  readonly windows?: readonly SyncWindow[];
}

/** `auto`: automated, prune, self-heal. `manual`: reported, applied only when asked. Or the four choices one by one. */
export type SyncPolicyProps = 'auto' | 'manual' | Partial<Omit<SyncPolicy, 'windows'>>;

const AUTO: SyncPolicy = { automated: true, prune: true, selfHeal: true, createNamespace: true };

/** The complete policy of what an application wrote. Without a word it is `auto`. */
export function syncPolicyOf(props: SyncPolicyProps = 'auto'): SyncPolicy {
  if (props === 'auto') {
    return AUTO;
  }
  return props === 'manual' ? { ...AUTO, automated: false, selfHeal: false } : { ...AUTO, ...props };
}
