/** A build as far as policies look at it. */
export interface Build {
  readonly tag: string;
  readonly digest?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
}

/** How one policy chooses among the builds of an image. Pure. */
export interface BuildOrder {
  /** What is needed to put builds in order: the tag alone, or what the registry says of each. */
  readonly by: 'tag' | 'build';
  /** Whether the policy may take a tag at all. */
  accepts(tag: string): boolean;
  /** The accepted builds, the best first; those that cannot be judged are left out. */
  sort<B extends Build>(builds: readonly B[]): B[];
  /** Whether an accepted build may take the place of another one. It may not where that would be a step back, or none. */
  replaces(next: Build, current: Build): boolean;
}

/** Sorts by a key, the greatest first; of equal ones the last by name. Builds without a key are left out. */
export function greatestFirst<B extends Build, K>(
  builds: readonly B[],
  keyOf: (build: B) => K | undefined,
  compare: (a: K, b: K) => number,
): B[] {
  const keyed = builds.flatMap((build) => {
    const key = keyOf(build);
    return key === undefined ? [] : [{ build, key }];
  });
  keyed.sort((a, b) => compare(b.key, a.key) || (a.build.tag < b.build.tag ? 1 : -1));
  return keyed.map(({ build }) => build);
}
