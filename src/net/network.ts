import type { CapturedFrame } from "./captured-frame.ts";
import { CONNECTIONS_MAX } from "./connection-table.ts";
import { type NetworkCounters, newCounters } from "./counters.ts";
import { Duplicates } from "./duplicates.ts";
import { Endpoints } from "./endpoints.ts";
import { FRAGMENTED_DATAGRAMS_MAX, Fragments } from "./fragments.ts";
import { openIpv4 } from "./ipv4.ts";
import { openExtensions, openIpv6 } from "./ipv6.ts";
import { openFrame } from "./link.ts";
import { FRAGMENT, MALFORMED, NOT_IP, Packet, UNKNOWN_LINK, WHOLE } from "./packet.ts";
import { PENDING_BYTES_PER_HALF_MAX } from "./pending-segments.ts";
import type { NetworkSink } from "./stream.ts";
import { Tcp } from "./tcp.ts";
import { Udp } from "./udp.ts";

const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;

/** A bound of the network layer, and how often something had to go because of it. */
export interface NetworkLimit {
  name: string;
  bound: number;
  dropped: number;
}

/** From captured frames to TCP streams and UDP datagrams. */
export class Network {
  readonly counters: NetworkCounters = newCounters();
  private readonly packet = new Packet();
  private readonly fragments = new Fragments(this.counters);
  private readonly tcp: Tcp;
  private readonly udp: Udp;
  private isFinished = false;

  constructor(sink: NetworkSink) {
    const duplicates = new Duplicates();
    const endpoints = new Endpoints();
    this.packet.micros = 0;
    this.tcp = new Tcp(sink, this.counters, duplicates, endpoints);
    this.udp = new Udp(sink, this.counters, duplicates, endpoints);
  }

  /** Takes the next frame in capture order; calls the sink and its consumers before it returns. */
  push(frame: CapturedFrame): void {
    const packet = this.packet;
    const micros = frame.seconds * 1e6 + frame.nanos * 1e-3;
    // A frame without a time is taken to come at once after the one before.
    if (!Number.isNaN(micros)) packet.micros = micros;
    this.counters.frames++;
    let outcome = openFrame(frame, packet);
    if (outcome === WHOLE) {
      outcome = packet.family === 4 ? openIpv4(packet) : openIpv6(packet);
      if (outcome === FRAGMENT) outcome = this.reassemble(packet);
    }
    if (outcome === WHOLE) this.receive(packet);
    else if (outcome === NOT_IP) this.counters.nonIp++;
    else if (outcome === UNKNOWN_LINK) this.counters.unknownLink++;
    else if (outcome === MALFORMED) this.counters.malformed++;
    else this.counters.heldFragments++;
  }

  /** The capture is over: delivers what waits behind holes. Connections that did not close stay open. */
  finish(): void {
    if (this.isFinished) return;
    this.isFinished = true;
    this.tcp.finish();
    this.fragments.finish();
  }

  /** The bounds that keep memory from growing with the capture. */
  limits(): NetworkLimit[] {
    return [
      { name: "TCP connections", bound: CONNECTIONS_MAX, dropped: this.counters.connectionsEvicted },
      {
        name: "bytes held of one TCP direction",
        bound: PENDING_BYTES_PER_HALF_MAX,
        dropped: this.counters.windowOverflows,
      },
      { name: "fragmented datagrams", bound: FRAGMENTED_DATAGRAMS_MAX, dropped: this.fragments.evicted },
    ];
  }

  private receive(packet: Packet): void {
    if (packet.protocol === PROTOCOL_TCP) this.tcp.receive(packet);
    else if (packet.protocol === PROTOCOL_UDP) this.udp.receive(packet);
    else this.counters.otherIp++;
  }

  private reassemble(packet: Packet): typeof WHOLE | typeof FRAGMENT | typeof MALFORMED {
    if (!this.fragments.add(packet)) return FRAGMENT;
    if (packet.family === 4) return WHOLE;
    // Extension headers may follow the fragment header; a second one of those cannot be honest.
    return openExtensions(packet) === WHOLE ? WHOLE : MALFORMED;
  }
}
