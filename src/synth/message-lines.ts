import { type ChildMessage, childMessageSchema } from './schema.js';

/** Reads a child's messages as they arrive. */
export class MessageLines {
  readonly messages: ChildMessage[] = [];
  /** Why a line could not be understood; the first one only. */
  problem: string | undefined;
  #rest: Buffer[] = [];

  /** The application that the child is at now. */
  get building(): string | undefined {
    const last = this.messages.findLast(({ type }) => type !== 'missing');
    return last?.type === 'building' ? last.app : undefined;
  }

  /** Whether the child said that there is no more. */
  get isDone(): boolean {
    return this.messages.at(-1)?.type === 'done';
  }

  /** Takes the next bytes; a line may arrive in pieces. */
  add(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#line(Buffer.concat([...this.#rest, chunk.subarray(start, end)]).toString('utf8'));
      this.#rest = [];
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#rest.push(chunk.subarray(start));
    }
  }

  #line(text: string): void {
    const parsed = childMessageSchema.safeParse(parseJson(text));
    if (parsed.success) {
      this.messages.push(parsed.data);
    } else {
      this.problem ??= parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
