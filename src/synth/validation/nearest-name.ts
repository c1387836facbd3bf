/** The name that a mistyped one is most likely meant to be: the nearest in spelling, else one that begins like it. */
export function nearestName(mistyped: string, names: readonly string[]): string | undefined {
  return (
    nearestSpelling(mistyped, names) ?? names.find((name) => isBeginning(mistyped.toLowerCase(), name.toLowerCase()))
  );
}

/** A sentence's end that suggests the nearest name; empty when there is none. */
export function suggestion(mistyped: string, names: readonly string[]): string {
  const name = nearestName(mistyped, names);
  return name === undefined ? '' : `, did you mean "${name}"?`;
}

/** The name with the nearest spelling: at most two letters away, and a third of its letters. Capitals do not count. */
export function nearestSpelling(mistyped: string, names: readonly string[]): string | undefined {
  const limit = Math.min(2, Math.floor(mistyped.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const distance = distanceOf(mistyped.toLowerCase(), name.toLowerCase(), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) {
      best = { name, distance };
    }
  }
  return best?.name;
}

/** Such as `env` and `environment`, but not `a` and `args`. */
function isBeginning(one: string, other: string): boolean {
  return one.length > 2 && other.length > 2 && (one.startsWith(other) || other.startsWith(one));
}

/** How many letters must be added, taken away, replaced, or swapped with the next one. Gives up above the limit. */
function distanceOf(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) {
    return limit + 1;
  }
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, at(before, column - 2) + 1);
      }
      current.push(cost);
    }
    [before, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
