/** Random numbers in [0, 1) that come again with the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number of the environment, such as how often a long test does its thing. */
export function numberSetting(name: string, standard: number): number {
  const text = process.env[name] ?? '';
  const number = Number(text);
  if (text !== '' && !Number.isSafeInteger(number)) {
    throw new RangeError(`${name} is not a whole number: ${text}`);
  }
  return text === '' ? standard : number;
}
