import { type CaptureSink, PcapngWriter } from "../capture/pcapng-writer.ts";
import { ConversationWriter, type Side } from "../net/conversation-writer.ts";
import { parseEndpoint, type RawEndpoint } from "../net/parse-endpoint.ts";
import type { TappedConnection, WireTap } from "../requester/wire-tap.ts";
import { escapeText } from "../text/escape.ts";

/** "Raw IP": each packet begins with its IP header. */
const LINKTYPE_RAW = 101;
/** Comments that wait for a packet; the oldest are let go. */
export const COMMENTS_MAX = 1000;
/** Spreads the first sequence numbers of connections over all that there are. */
const GOLDEN_RATIO = 0x9e37_79b1;

/** Writes the traffic of requesters as a capture, with comments at its packets. */
export class CaptureTap implements WireTap {
  /** Comments beyond COMMENTS_MAX. */
  commentsOmitted = 0;
  readonly #writer: PcapngWriter;
  readonly #conversations = new Map<TappedConnection, ConversationWriter>();
  readonly #comments: string[] = [];
  #opened = 0;
  /** When what is being written happened. */
  #at = 0n;

  /** `application`: name and version of the program; `comment`: what was done, with whom. */
  constructor(sink: CaptureSink, application: string, comment: string) {
    this.#writer = new PcapngWriter(sink, { application, comment, linkType: LINKTYPE_RAW });
  }

  /** Stands at the next packet, whichever that is. */
  comment(text: string): void {
    if (this.#comments.length >= COMMENTS_MAX) {
      this.#comments.shift();
      this.commentsOmitted++;
    }
    // Comments are read in terminals too.
    this.#comments.push(escapeText(text));
  }

  opened(connection: TappedConnection, at: bigint): void {
    const [local, remote] = endpointsOf(connection);
    const firstSeq = Math.imul(++this.#opened, GOLDEN_RATIO);
    const conversation = new ConversationWriter(local, remote, firstSeq, (packet) => this.#write(packet));
    this.#conversations.set(connection, conversation);
    this.#at = at;
    conversation.open();
  }

  sent(connection: TappedConnection, bytes: Uint8Array, at: bigint): void {
    this.#data(connection, "local", bytes, at);
  }

  received(connection: TappedConnection, bytes: Uint8Array, at: bigint): void {
    this.#data(connection, "remote", bytes, at);
  }

  closed(connection: TappedConnection, how: "end" | "reset" | "lost", at: bigint): void {
    const conversation = this.#conversations.get(connection);
    this.#conversations.delete(connection);
    this.#at = at;
    if (how === "end") conversation?.end("local");
    else conversation?.reset(how === "reset" ? "local" : "remote");
  }

  #data(connection: TappedConnection, side: Side, bytes: Uint8Array, at: bigint): void {
    this.#at = at;
    this.#conversations.get(connection)?.data(side, bytes);
  }

  #write(packet: Uint8Array): void {
    this.#writer.packet({ at: this.#at, bytes: packet, comments: this.#comments.splice(0) });
  }
}

/** A socket that was gone before it could be asked has no addresses: the ends then stand for themselves. */
function endpointsOf(connection: TappedConnection): [RawEndpoint, RawEndpoint] {
  const local = parseEndpoint(connection.localAddress);
  const remote = parseEndpoint(connection.remoteAddress);
  if (local !== null && remote !== null && local.address.length === remote.address.length) return [local, remote];
  return [placeholder(1, local), placeholder(2, remote)];
}

/** An address of those meant for examples. RFC 5737 §3 */
function placeholder(host: number, known: RawEndpoint | null): RawEndpoint {
  return { address: Uint8Array.of(192, 0, 2, host), port: known?.port ?? 0 };
}
