import { createConnection, createServer, type Socket } from "node:net";
import type { ByteChannel, ChannelOwner } from "./byte-channel.ts";

/** Where a server listens or a client connects to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A listening socket. */
export interface Listener {
  /** As bound: a port of 0 has become a real one. */
  readonly address: string;
  readonly port: number;
  /** Takes no more connections; those that exist go on. Resolves when the port is free again. */
  close(): Promise<void>;
}

/** Why a socket could not be opened; `code` is the operating system's, such as ECONNREFUSED. */
export class SocketError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = "SocketError";
    this.code = code;
  }
}

/** Listens for TCP connections. Rejects with a SocketError. */
export function listen(endpoint: Endpoint, accept: (channel: ByteChannel) => void): Promise<Listener> {
  // Half-open connections are left to the owner: a peer that sent FIN may still wait for replies.
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => accept(new SocketChannel(socket)));
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(socketError(error, `cannot listen on ${endpointText(endpoint)}`)));
    server.listen(endpoint.port, endpoint.host, () => {
      const bound = server.address() as { address: string; port: number };
      server.removeAllListeners("error");
      server.on("error", () => {});
      resolve({
        address: endpointText({ host: bound.address, port: bound.port }),
        port: bound.port,
        close: () => new Promise((closed) => void server.close(() => closed())),
      });
    });
  });
}

/** Opens a TCP connection, from `localPort` if given. Rejects with a SocketError. */
export function connect(endpoint: Endpoint, localPort?: number): Promise<ByteChannel> {
  return new Promise((resolve, reject) => {
    const from = localPort === undefined ? {} : { localPort };
    const socket = createConnection({ ...endpoint, ...from, noDelay: true });
    const refused = (error: Error) => reject(socketError(error, `cannot connect to ${endpointText(endpoint)}`));
    socket.once("error", refused);
    socket.once("connect", () => {
      socket.off("error", refused);
      resolve(new SocketChannel(socket));
    });
  });
}

/** `host:port`, with brackets around an IPv6 address. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function socketError(error: Error, what: string): SocketError {
  const { code = "EUNKNOWN" } = error as NodeJS.ErrnoException;
  return new SocketError(`${what}: ${error.message}`, code);
}

/** Small messages written in one turn of the event loop leave together; this much leaves at once. */
const GATHERED_BYTES_MAX = 65_536;

class SocketChannel implements ByteChannel {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly #socket: Socket;
  #owner: ChannelOwner | null = null;
  #failure: string | null = null;
  #isGathering = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.localAddress = endpointText({ host: socket.localAddress ?? "", port: socket.localPort ?? 0 });
    this.remoteAddress = endpointText({ host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 });
    // Without a listener an error would end the program; it is told with the end of the connection.
    socket.on("error", (error) => {
      this.#failure ??= error.message;
    });
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  open(owner: ChannelOwner): void {
    this.#owner = owner;
    const socket = this.#socket;
    socket.on("data", (bytes) => owner.received(bytes));
    socket.on("drain", () => owner.drained?.());
    socket.on("end", () => this.end());
    socket.on("close", () => this.#close());
    if (socket.destroyed) this.#close();
  }

  /** A packet for each of many small messages would cost more than the messages do. */
  write(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    if (!this.#isGathering) {
      this.#isGathering = true;
      socket.cork();
      setImmediate(() => this.#release());
    }
    socket.write(bytes);
    if (socket.writableLength >= GATHERED_BYTES_MAX) this.#release();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#release();
    this.#socket.end();
  }

  reset(): void {
    this.#release();
    this.#socket.resetAndDestroy();
  }

  /** Sends what was gathered. */
  #release(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#socket.uncork();
  }

  #close(): void {
    const owner = this.#owner;
    this.#owner = null;
    owner?.closed(this.#failure);
  }
}
