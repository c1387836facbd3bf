/** What the parent asks for, as JSON on standard input. A change that older commits do not understand needs a new `protocol`. */
export interface ChildRequest {
  readonly protocol: 1;
  /** Folder names below `apps/`; each has an `app.ts`. */
  readonly apps: readonly string[];
  /** The file of each application's compiled `app.ts`. */
  readonly modules: Readonly<Record<string, string>>;
  /** Plain stack-config values by key, without `prodesk:`. */
  readonly settings: Readonly<Record<string, string>>;
  /** The keys of secret stack-config values. */
  readonly secretKeys: readonly string[];
  /** Whether to say when an application reads what is not its own. Older commits do not know it, and do not say that they look. */
  readonly tellReach?: boolean;
  /** Whether to check objects against the schemas of their kinds, and to say what is wrong. Parents that do not ask do not understand the answer. */
  readonly validate?: boolean;
}
