import type { ByteChannel } from "../../src/sys/byte-channel.ts";

const WORD_BYTES = 4;
/** Record mark, xid, what a reply is, verifier and accept_stat, which stay as they are. RFC 5531 §9, §11 */
const HEADER_BYTES = 28;

/** Connections on which one number of the server's always comes as another: a status, a set of flags. */
export function misquoting(
  connect: () => Promise<ByteChannel>,
  number: number,
  instead: number,
): () => Promise<ByteChannel> {
  return async () => {
    const channel = await connect();
    return new Proxy(channel, {
      get(target, name) {
        if (name === "open") {
          return (owner: Parameters<ByteChannel["open"]>[0]) =>
            target.open({
              received: (bytes) => owner.received(replaced(bytes, number, instead)),
              closed: (why) => owner.closed(why),
              drained: () => owner.drained?.(),
            });
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
}

/** Records come in segments of their own, so that all words lie at multiples of four. */
function replaced(bytes: Uint8Array, number: number, instead: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = HEADER_BYTES; at + WORD_BYTES <= copy.length; at += WORD_BYTES) {
    if (view.getUint32(at) === number) view.setUint32(at, instead);
  }
  return copy;
}
