import { Analyzer } from "../../src/analysis/analyzer.ts";
import type { Frame } from "../../src/capture/frame.ts";
import type { Finding } from "../../src/rules/finding.ts";
import { LINK, tcpSegment } from "./network-packets.ts";

const START_SECONDS = 1_700_000_000;

/** Keeps time and puts packets into an analyzer as a capture would. */
export class Wire {
  readonly analyzer = new Analyzer();
  nanos = 0;
  /** Between two packets of a scenario unless it waits. */
  stepNanos = 100_000;
  frames = 0;
  /** Bytes kept of each packet. */
  snapLength = Number.POSITIVE_INFINITY;
  #last: Uint8Array = new Uint8Array(0);
  #isFinished = false;

  /** Captures a packet; its frame number. */
  capture(packet: Uint8Array, interfaceId = 0): number {
    this.nanos += this.stepNanos;
    this.#last = packet;
    const frame: Frame = {
      number: ++this.frames,
      capture: 0,
      seconds: START_SECONDS + Math.floor(this.nanos / 1e9),
      nanos: this.nanos % 1e9,
      interfaceId,
      linkType: LINK.raw,
      fcsLength: 0,
      bytes: packet,
      offset: 0,
      length: Math.min(packet.length, this.snapLength),
      originalLength: packet.length,
    };
    this.analyzer.push(frame);
    return this.frames;
  }

  /** Captures the last packet once more. */
  repeatLast(): number {
    return this.capture(this.#last);
  }

  wait(seconds: number): void {
    this.nanos += seconds * 1e9;
  }

  findings(): readonly Finding[] {
    if (!this.#isFinished) this.analyzer.finish();
    this.#isFinished = true;
    return this.analyzer.engine.findings.all;
  }
}

interface Side {
  readonly name: string;
  seq: number;
}

/** One TCP connection of a scenario. */
export class WireConnection {
  readonly wire: Wire;
  readonly client: Side;
  readonly server: Side;
  #isLost = false;
  #isHeld = false;
  readonly #held: Uint8Array[] = [];

  constructor(wire: Wire, client: string, server: string, handshake: boolean) {
    this.wire = wire;
    this.client = { name: client, seq: 1000 + wire.frames * 7919 };
    this.server = { name: server, seq: 500_000 + wire.frames * 104_729 };
    if (!handshake) return;
    this.#send(this.client, this.server, "S", new Uint8Array(0), 0);
    this.client.seq++;
    this.#send(this.server, this.client, "SA");
    this.server.seq++;
    this.#send(this.client, this.server, "A");
  }

  /** The next message is sent but not captured. */
  loseNext(): this {
    this.#isLost = true;
    return this;
  }

  /** The next message is captured by another interface whose clock is behind: not before `release`. */
  holdNext(): this {
    this.#isHeld = true;
    return this;
  }

  /** Captures what was held back; the frame number of the last. */
  release(): number {
    for (const packet of this.#held.splice(0)) this.wire.capture(packet, 1);
    return this.wire.frames;
  }

  /** Sends stream bytes; the frame number, 0 if the capture lost it. */
  send(from: "client" | "server", bytes: Uint8Array): number {
    const [sender, receiver] = from === "client" ? [this.client, this.server] : [this.server, this.client];
    const frame = this.#isLost ? 0 : this.#send(sender, receiver, "PA", bytes);
    sender.seq += bytes.length;
    this.#isLost = false;
    // The acknowledgement tells lost-by-the-capture from lost-on-the-network.
    if (frame === 0) this.#send(receiver, sender, "A");
    return frame;
  }

  /** Says what has arrived. */
  acknowledge(receiver: "client" | "server"): number {
    const [from, to] = receiver === "client" ? [this.client, this.server] : [this.server, this.client];
    return this.#send(from, to, "A");
  }

  #send(from: Side, to: Side, flags: string, payload: Uint8Array = new Uint8Array(0), ack = to.seq): number {
    const { seq } = from;
    const packet = tcpSegment({ from: from.name, to: to.name, seq, ack, flags, payload });
    if (!this.#isHeld || payload.length === 0) return this.wire.capture(packet);
    this.#isHeld = false;
    this.#held.push(packet);
    return this.wire.frames;
  }

  /** RST from the client, a FIN from each side, or from the client alone; the number of the frame that did it. */
  close(how: "rst" | "fin" | "half" = "fin"): number {
    if (how === "half") return this.#closeHalf();
    if (how === "rst") return this.#send(this.client, this.server, "RA");
    this.#send(this.client, this.server, "FA");
    this.client.seq++;
    const ended = this.#send(this.server, this.client, "FA");
    this.server.seq++;
    this.#send(this.client, this.server, "A");
    return ended;
  }

  #closeHalf(): number {
    const frame = this.#send(this.client, this.server, "FA");
    this.client.seq++;
    this.#send(this.server, this.client, "A");
    return frame;
  }
}
