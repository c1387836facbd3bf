/** What each of some things waits for, by name. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

/** The first circle that can be reached from a name, as a path that ends where it begins; undefined when there is none. */
export function findCircle(dependencies: Dependencies, from: string): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const start = path.indexOf(name);
    if (start >= 0) {
      return [...path.slice(start), name];
    }
    if (done.has(name)) {
      return undefined;
    }
    for (const next of dependencies[name] ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle !== undefined) {
        return circle;
      }
    }
    done.add(name);
    return undefined;
  };
  return visit(from, []);
}

/** The dependencies without those on unknown names and those that would close a circle. */
export function withoutCircles(dependencies: Dependencies): Dependencies {
  const kept: Record<string, readonly string[]> = {};
  for (const name of Object.keys(dependencies).sort()) {
    kept[name] = [];
    for (const next of dependencies[name] ?? []) {
      const tried: Dependencies = { ...kept, [name]: [...(kept[name] ?? []), next] };
      if (dependencies[next] !== undefined && findCircle(tried, name) === undefined) {
        kept[name] = tried[name] ?? [];
      }
    }
  }
  return kept;
}
