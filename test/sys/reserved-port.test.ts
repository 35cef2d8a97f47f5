import { expect, test } from "vitest";
import { reservedPortConnector } from "../../src/sys/reserved-port.ts";
import { listen, SocketError } from "../../src/sys/sockets.ts";

const HOST = "127.0.0.1";
const isRoot = process.getuid?.() === 0;
const portOf = (address: string) => Number(address.slice(address.lastIndexOf(":") + 1));

test.runIf(isRoot)("connections come from ports below 1024, another one each time", async () => {
  const listener = await listen({ host: HOST, port: 0 }, () => {});
  const connect = reservedPortConnector({ host: HOST, port: listener.port });
  const channels = [await connect(), await connect(), await connect()];
  const ports = channels.map(({ localAddress }) => portOf(localAddress));
  for (const channel of channels) channel.reset();
  await listener.close();
  expect(new Set(ports).size).toBe(3);
  expect(ports.every((port) => port >= 600 && port < 1024)).toBe(true);
});

test.runIf(isRoot)("a port that is taken is passed over", async () => {
  const listener = await listen({ host: HOST, port: 0 }, () => {});
  const first = await reservedPortConnector({ host: HOST, port: listener.port })();
  // A second connector begins with the same port, which is in use.
  const second = await reservedPortConnector({ host: HOST, port: listener.port })();
  expect(portOf(second.localAddress)).not.toBe(portOf(first.localAddress));
  for (const channel of [first, second]) channel.reset();
  await listener.close();
});

test("a server that is not there is told as such, at once", async () => {
  const listener = await listen({ host: HOST, port: 0 }, () => {});
  const { port } = listener;
  await listener.close();
  const connect = reservedPortConnector({ host: HOST, port });
  const error = await connect().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SocketError);
  expect((error as SocketError).code).toBe(isRoot ? "ECONNREFUSED" : "EACCES");
});
