import { afterEach, describe, expect, test } from "vitest";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import { connect, endpointText, type Listener, listen, SocketError } from "../../src/sys/sockets.ts";

const HOST = "127.0.0.1";
const MEBIBYTE = 1024 * 1024;

/** What one end of a connection was told. */
class End {
  readonly channel: ByteChannel;
  readonly chunks: Uint8Array[] = [];
  drains = 0;
  readonly closed: Promise<string | null>;
  #heard: () => void = () => {};

  constructor(channel: ByteChannel) {
    this.channel = channel;
    this.closed = new Promise((resolve) => {
      channel.open({
        received: (bytes) => {
          this.chunks.push(bytes);
          this.#heard();
        },
        closed: resolve,
        drained: () => {
          this.drains++;
          this.#heard();
        },
      });
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Waits until what it was told is enough. */
  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

const open: { listener: Listener; ends: End[] }[] = [];

afterEach(async () => {
  for (const { listener, ends } of open.splice(0)) {
    for (const { channel } of ends) channel.reset();
    await listener.close();
  }
});

/** Both ends of a connection through the machine's own network. */
async function pair(): Promise<{ client: End; server: End; listener: Listener }> {
  let accepted!: (channel: ByteChannel) => void;
  const arrival = new Promise<ByteChannel>((resolve) => {
    accepted = resolve;
  });
  const listener = await listen({ host: HOST, port: 0 }, (channel) => accepted(channel));
  const client = new End(await connect({ host: HOST, port: listener.port }));
  const server = new End(await arrival);
  open.push({ listener, ends: [client, server] });
  return { client, server, listener };
}

const text = (value: string) => new TextEncoder().encode(value);

describe("a connection", () => {
  test("carries bytes both ways, in order, and both ends know each other's address", async () => {
    const { client, server } = await pair();
    client.channel.write(text("ab"));
    client.channel.write(text("cd"));
    await server.until(() => server.bytes.length === 4);
    server.channel.write(text("ef"));
    await client.until(() => client.bytes.length === 2);
    expect([server.bytes.toString(), client.bytes.toString()]).toEqual(["abcd", "ef"]);
    expect(client.channel.localAddress).toBe(server.channel.remoteAddress);
    expect(client.channel.remoteAddress).toBe(server.channel.localAddress);
  });

  test("what is written in one turn leaves in one piece", async () => {
    const { client, server } = await pair();
    for (let count = 0; count < 100; count++) client.channel.write(text("0123456789"));
    expect(client.channel.queuedBytes).toBe(1000);
    await server.until(() => server.bytes.length === 1000);
    expect(server.chunks).toHaveLength(1);
    expect(client.channel.queuedBytes).toBe(0);
  });

  test("much of it does not wait for the end of the turn", async () => {
    const { client, server } = await pair();
    const before = process.hrtime.bigint();
    client.channel.write(new Uint8Array(MEBIBYTE).fill(1));
    client.channel.write(new Uint8Array(16).fill(2));
    await server.until(() => server.bytes.length === MEBIBYTE + 16);
    expect(server.bytes.subarray(MEBIBYTE).every((byte) => byte === 2)).toBe(true);
    expect(Number(process.hrtime.bigint() - before)).toBeLessThan(5e9);
  });

  test("ended in good order after a write of the same turn, loses nothing of it", async () => {
    const { client, server } = await pair();
    client.channel.write(text("last words"));
    client.channel.end();
    client.channel.write(text("too late"));
    expect(await server.closed).toBeNull();
    expect(server.bytes.toString()).toBe("last words");
    expect(await client.closed).toBeNull();
  });

  test("reset after a write of the same turn: the bytes leave first", async () => {
    const { client, server } = await pair();
    client.channel.write(text("last words"));
    expect(client.channel.queuedBytes).toBe(10);
    client.channel.reset();
    expect(client.channel.queuedBytes).toBe(0);
    await server.closed;
    expect(server.bytes.toString()).toBe("last words");
    expect(await client.closed).toBeNull();
    client.channel.write(text("ignored"));
    client.channel.end();
  });

  test("half closed by its peer it still says what it has to say", async () => {
    const { client, server } = await pair();
    client.channel.end();
    server.channel.write(text("reply"));
    await client.closed;
    expect(client.bytes.toString()).toBe("reply");
  });

  test("paused it takes nothing, and what cannot leave counts as queued until it does", async () => {
    const { client, server } = await pair();
    server.channel.pause();
    for (let count = 0; count < 64; count++) client.channel.write(new Uint8Array(MEBIBYTE));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.channel.queuedBytes).toBeGreaterThan(16 * MEBIBYTE);
    expect(client.drains).toBe(0);
    server.channel.resume();
    await client.until(() => client.drains > 0);
    expect(client.channel.queuedBytes).toBe(0);
    await server.until(() => server.bytes.length === 64 * MEBIBYTE);
  });

  test("that ended before anybody opened it is told as closed", async () => {
    let accepted!: (channel: ByteChannel) => void;
    const arrival = new Promise<ByteChannel>((resolve) => {
      accepted = resolve;
    });
    const listener = await listen({ host: HOST, port: 0 }, (channel) => accepted(channel));
    const client = await connect({ host: HOST, port: listener.port });
    const server = await arrival;
    server.reset();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const end = new End(server);
    expect(await end.closed).toBeNull();
    client.reset();
    await listener.close();
  });
});

describe("listening", () => {
  test("tells where, and refuses what is taken", async () => {
    const { listener } = await pair();
    expect(listener.address).toBe(`${HOST}:${listener.port}`);
    const error = await listen({ host: HOST, port: listener.port }, () => {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SocketError);
    expect(error).toMatchObject({ code: "EADDRINUSE", message: expect.stringContaining(`cannot listen on ${HOST}:`) });
  });

  test("nobody there is an error that says so", async () => {
    const { listener } = await pair();
    for (const { channel } of open[0]!.ends) channel.reset();
    await listener.close();
    const error = await connect({ host: HOST, port: listener.port }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ECONNREFUSED", message: expect.stringContaining("cannot connect to") });
  });

  test("addresses are written as people write them", () => {
    expect(endpointText({ host: "10.0.0.1", port: 2049 })).toBe("10.0.0.1:2049");
    expect(endpointText({ host: "fd09::1", port: 2049 })).toBe("[fd09::1]:2049");
  });
});
