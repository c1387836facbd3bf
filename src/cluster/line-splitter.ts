/** Cuts a byte stream into lines and refuses a line that is too long. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #size = 0;

  constructor(private readonly maxBytes: number) {}

  /**
   * Takes a chunk and gives the lines that it completed, without their ends and without empty ones.
   * @throws RangeError when a line is longer than `maxBytes`
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = Buffer.concat(this.#parts, this.#size).toString('utf8').trim();
      this.#parts = [];
      this.#size = 0;
      start = end + 1;
      if (line !== '') {
        lines.push(line);
      }
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.maxBytes) {
      throw new RangeError(`a line is longer than ${this.maxBytes} bytes`);
    }
    if (part.length > 0) {
      this.#parts.push(part);
    }
  }
}
