import type { ByteChannel } from "./byte-channel.ts";
import { connect, type Endpoint, SocketError } from "./sockets.ts";

const PORT_MAX = 1023;
/** Lower ones belong to well-known services. */
const PORT_MIN = 600;

/** Connects from ports below 1024, another one each time, as servers with the option `secure` insist on. Takes root. */
export function reservedPortConnector(endpoint: Endpoint): () => Promise<ByteChannel> {
  let next = PORT_MAX;
  return async () => {
    for (let tries = PORT_MIN; tries <= PORT_MAX; tries++) {
      const port = next;
      next = port === PORT_MIN ? PORT_MAX : port - 1;
      try {
        return await connect(endpoint, port);
      } catch (error) {
        const isTaken = error instanceof SocketError && (error.code === "EADDRINUSE" || error.code === "EADDRNOTAVAIL");
        if (!isTaken) throw error;
      }
    }
    throw new SocketError(`no port from ${PORT_MIN} to ${PORT_MAX} is free`, "EADDRINUSE");
  };
}
