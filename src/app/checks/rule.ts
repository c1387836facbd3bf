/** What a check looks for. The names are those of `ignoreChecks` in an application. */
export type CheckRule =
  | 'duplicate-node-port'
  | 'duplicate-object'
  | 'duplicate-route'
  | 'duplicate-volume'
  | 'floating-tag'
  | 'invalid-hook'
  | 'invalid-label'
  | 'invalid-name'
  | 'invalid-port'
  | 'invalid-quantity'
  | 'invalid-wave'
  | 'lfs-pointer'
  | 'limit-below-request'
  | 'missing-backend'
  | 'missing-claim'
  | 'missing-config'
  | 'missing-middleware'
  | 'missing-namespace'
  | 'missing-volume'
  | 'monitor-selects-nothing'
  | 'rejected-tag'
  | 'service-selects-nothing'
  | 'unbindable-claim'
  | 'unknown-kind'
  | 'unused-image-policy'
  | 'wrong-field';

/** The rules that an application may silence, each with the reason why it is right all the same. Two applications with one object would undo each other forever, so that rule cannot be. */
export type IgnoredChecks = Readonly<Partial<Record<Exclude<CheckRule, 'duplicate-object'>, string>>>;

/** `error`: the application is refused, and its last good definition stays. `warning`: it is only told. */
export type Severity = 'error' | 'warning';
