import { z } from 'zod';

/** What is known for good of a digest and a platform. */
export type KnownBuild =
  { readonly kind: 'build'; readonly createdAt?: number } | { readonly kind: 'none'; readonly reason: string };

/** What a tag pointed to when it was last looked at. */
export interface KnownTag {
  readonly digest: string;
  /** When it was first looked at; milliseconds since the epoch. */
  readonly seenAt: number;
}

/** A build as the file keeps it: its time, `null` without one, or the reason why there is none. */
const storedBuild = z.union([z.number(), z.null(), z.string()]);
const file = z.object({
  version: z.literal(1),
  repository: z.string(),
  /** Tag, digest, when it was first seen. */
  tags: z.array(z.tuple([z.string(), z.string(), z.number()])),
  /** By digest, then by platform. */
  builds: z.record(z.string(), z.record(z.string(), storedBuild)),
});

/** More tags of one repository than these are not remembered. */
const MAX_TAGS = 20_000;

/** What was learned of one repository's builds. It can be written as text and read back. */
export class BuildMemory {
  /** Grows with each change. */
  changes = 0;
  readonly #tags = new Map<string, KnownTag>();
  readonly #builds = new Map<string, Map<string, KnownBuild>>();

  constructor(readonly repository: string) {}

  /** @returns undefined when the text is not what {@link BuildMemory.toText} wrote for this repository */
  static fromText(text: string, repository: string): BuildMemory | undefined {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return undefined;
    }
    const parsed = file.safeParse(json);
    if (!parsed.success || parsed.data.repository !== repository) {
      return undefined;
    }
    const memory = new BuildMemory(repository);
    for (const [digest, platforms] of Object.entries(parsed.data.builds)) {
      for (const [platform, stored] of Object.entries(platforms)) {
        memory.#put(digest, platform, restored(stored));
      }
    }
    for (const [tag, digest, seenAt] of parsed.data.tags) {
      memory.#tags.set(tag, { digest, seenAt });
    }
    return memory;
  }

  tag(tag: string): KnownTag | undefined {
    return this.#tags.get(tag);
  }

  build(digest: string, platform: string): KnownBuild | undefined {
    return this.#builds.get(digest)?.get(platform);
  }

  /** Notes what a tag points to now. */
  set(tag: string, known: KnownTag, platform: string, build: KnownBuild): void {
    const before = this.#tags.get(tag);
    if (before === undefined && this.#tags.size >= MAX_TAGS) {
      return;
    }
    if (before?.digest !== known.digest || this.build(known.digest, platform) === undefined) {
      this.#tags.set(tag, { digest: known.digest, seenAt: before?.seenAt ?? known.seenAt });
      this.#put(known.digest, platform, build);
      this.changes += 1;
    }
  }

  delete(tag: string): void {
    if (this.#tags.delete(tag)) {
      this.changes += 1;
    }
  }

  /** Forgets tags that the repository no longer has, so that one that comes back is looked at again. */
  retain(tags: readonly string[]): void {
    const present = new Set(tags);
    for (const tag of [...this.#tags.keys()].filter((known) => !present.has(known))) {
      this.delete(tag);
    }
  }

  /** Digests that no tag points to any more are left out, and forgotten. */
  toText(): string {
    const wanted = new Set([...this.#tags.values()].map(({ digest }) => digest));
    for (const digest of [...this.#builds.keys()].filter((known) => !wanted.has(known))) {
      this.#builds.delete(digest);
    }
    const content: z.input<typeof file> = {
      version: 1,
      repository: this.repository,
      tags: [...this.#tags].map(([tag, { digest, seenAt }]) => [tag, digest, seenAt]),
      builds: Object.fromEntries(
        [...this.#builds].map(([digest, platforms]) => [
          digest,
          Object.fromEntries([...platforms].map(([platform, build]) => [platform, stored(build)])),
        ]),
      ),
    };
    return JSON.stringify(content);
  }

  #put(digest: string, platform: string, build: KnownBuild): void {
    const platforms = this.#builds.get(digest) ?? new Map<string, KnownBuild>();
    platforms.set(platform, build);
    this.#builds.set(digest, platforms);
  }
}

function stored(build: KnownBuild): z.infer<typeof storedBuild> {
  return build.kind === 'none' ? build.reason : (build.createdAt ?? null);
}

function restored(value: z.infer<typeof storedBuild>): KnownBuild {
  if (typeof value === 'string') {
    return { kind: 'none', reason: value };
  }
  return value === null ? { kind: 'build' } : { kind: 'build', createdAt: value };
}
