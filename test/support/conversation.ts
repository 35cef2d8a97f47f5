import { Network } from "../../src/net/network.ts";
import { type FrameSpec, frameOf, type Payload, type TcpSpec, tcpSegment, toBytes } from "./network-packets.ts";
import { StreamRecorder } from "./stream-recorder.ts";

export interface Sent extends Partial<TcpSpec> {
  /** Offset in the stream, 0 its first byte; the next unsent one if absent. */
  at?: number;
  /** Stream bytes of the other side that are acknowledged; all that it sent if absent. */
  acks?: number;
}

interface Side {
  name: string;
  initial: number;
  /** Stream bytes sent, a FIN included. */
  sent: number;
  id: number;
}

/** A TCP conversation as a capture sees it: what a test says was sent goes straight into a network layer. */
export class Conversation {
  readonly sink = new StreamRecorder();
  readonly network = new Network(this.sink);
  readonly client: Side;
  readonly server: Side;
  /** Time of the next frame; each takes a millisecond. */
  micros = 0;
  /** How frames are captured from now on. */
  capture: FrameSpec = {};

  constructor(client = "10.0.0.2:801", server = "10.0.0.1:2049", initials = [1000, 5000]) {
    this.client = { name: client, initial: initials[0]!, sent: 0, id: 1 };
    this.server = { name: server, initial: initials[1]!, sent: 0, id: 1 };
  }

  /** SYN, SYN/ACK, ACK. */
  handshake(): this {
    this.push(this.packet(this.client, this.server, { flags: "S", at: -1, ack: 0 }));
    this.push(this.packet(this.server, this.client, { flags: "SA", at: -1 }));
    return this.fromClient();
  }

  /** A captured segment of the client. */
  fromClient(payload?: Payload, spec: Sent = {}): this {
    return this.push(this.packet(this.client, this.server, { ...spec, ...(payload !== undefined && { payload }) }));
  }

  fromServer(payload?: Payload, spec: Sent = {}): this {
    return this.push(this.packet(this.server, this.client, { ...spec, ...(payload !== undefined && { payload }) }));
  }

  /** Sent and received, but not captured. */
  clientUnseen(payload: Payload): this {
    this.packet(this.client, this.server, { payload });
    return this;
  }

  serverUnseen(payload: Payload): this {
    this.packet(this.server, this.client, { payload });
    return this;
  }

  /** Pushes any packet as the next frame. */
  push(packet: Uint8Array, spec: FrameSpec = {}): this {
    this.network.push(frameOf(packet, { micros: this.micros, ...this.capture, ...spec }));
    this.micros += 1000;
    return this;
  }

  wait(micros: number): this {
    this.micros += micros;
    return this;
  }

  /** What the consumer of the client's stream was told, on the connection with this id. */
  clientStream(id = 0): unknown {
    return this.sink.told[id]![this.sink.connections[id]!.ends[0].port === portOf(this.client.name) ? 0 : 1];
  }

  serverStream(id = 0): unknown {
    return this.sink.told[id]![this.sink.connections[id]!.ends[0].port === portOf(this.server.name) ? 0 : 1];
  }

  /** The packet of a segment; what it carries counts as sent. */
  packet(side: Side, other: Side, spec: Sent): Uint8Array {
    const { at = side.sent, acks = other.sent, ...rest } = spec;
    const length = toBytes(rest.payload).length;
    const end = at + length + (rest.flags?.includes("F") ? 1 : 0);
    if (end > side.sent) side.sent = end;
    return tcpSegment({
      from: side.name,
      to: other.name,
      seq: side.initial + 1 + at,
      ack: other.initial + 1 + acks,
      ip: { id: side.id++ & 0xffff },
      ...rest,
    });
  }
}

function portOf(name: string): number {
  return Number(name.slice(name.lastIndexOf(":") + 1));
}
