import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP forwarder that can be shut: connections stay open, and nothing passes until it is opened again. */
export class TcpGate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isShut = false;
  #waiting: (() => void)[] = [];
  /** Called once, when something arrives while the gate is shut. */
  #onArrival: (() => void) | undefined;

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      this.#pipe(near, far);
      this.#pipe(far, near);
    });
  }

  static async open(target: number): Promise<TcpGate> {
    const gate = new TcpGate(target);
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Lets nothing pass any more. The promise resolves when something tries to. */
  shut(): Promise<void> {
    this.#isShut = true;
    return new Promise((resolve) => {
      this.#onArrival = resolve;
    });
  }

  /** Lets pass what waits, and all that follows. */
  reopen(): void {
    this.#isShut = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((pass) => pass());
  }

  async close(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pipe(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk) => {
      const pass = (): void => {
        to.write(chunk);
      };
      if (!this.#isShut) {
        pass();
        return;
      }
      this.#waiting.push(pass);
      this.#onArrival?.();
    });
  }
}
