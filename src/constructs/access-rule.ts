import type { k8s } from 'cdk8s-plus-28';
import { defined } from './defined.js';

/** What an account may do: with some kinds of objects, or at addresses of the API server. */
export type AccessRule = ResourceRule | UrlRule;

/** What an account may do with some kinds of objects. */
export interface ResourceRule {
  /** API groups; the core group is `''`. @default [''] */
  readonly groups?: readonly string[];
  /** Plural names, such as `pods` or `pods/log`. */
  readonly resources: readonly string[];
  /** Such as `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`. */
  readonly verbs: readonly string[];
  /** Only objects of these names. @default - all */
  readonly names?: readonly string[];
}

/** What an account may do at addresses of the API server; in cluster roles only. */
export interface UrlRule {
  /** Such as `/metrics`. */
  readonly urls: readonly string[];
  /** Such as `get`. */
  readonly verbs: readonly string[];
}

/** A rule as roles write it. */
export function renderAccessRule(rule: AccessRule): k8s.PolicyRule {
  if ('urls' in rule) {
    return { nonResourceUrLs: [...rule.urls], verbs: [...rule.verbs] };
  }
  const { groups = [''], resources, verbs, names } = rule;
  return defined({
    apiGroups: [...groups],
    resources: [...resources],
    verbs: [...verbs],
    resourceNames: names && [...names],
  });
}
