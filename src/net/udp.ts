import type { NetworkCounters } from "./counters.ts";
import { type Duplicates, fingerprint } from "./duplicates.ts";
import type { Endpoints } from "./endpoints.ts";
import { type Packet, word } from "./packet.ts";
import type { NetworkSink } from "./stream.ts";

const HEADER_LENGTH = 8;

/** Hands whole UDP datagrams on (RFC 768). */
export class Udp {
  private readonly sink: NetworkSink;
  private readonly counters: NetworkCounters;
  private readonly duplicates: Duplicates;
  private readonly endpoints: Endpoints;

  constructor(sink: NetworkSink, counters: NetworkCounters, duplicates: Duplicates, endpoints: Endpoints) {
    this.sink = sink;
    this.counters = counters;
    this.duplicates = duplicates;
    this.endpoints = endpoints;
  }

  receive(packet: Packet): void {
    const bytes = packet.bytes;
    const at = packet.start;
    const room = packet.wireEnd - at;
    if (packet.end - at < HEADER_LENGTH) {
      this.counters.malformed++;
      return;
    }
    const stated = (bytes[at + 4] << 8) | bytes[at + 5];
    // 0: a jumbogram, as long as its packet (RFC 2675 §4).
    const length = stated === 0 ? room : stated;
    if (length < HEADER_LENGTH || length > room) {
      this.counters.malformed++;
      return;
    }
    this.counters.udp++;
    const ports = word(bytes, at);
    const mark = word(bytes, at + 4);
    const ends = packet.source0 ^ Math.imul(packet.destination0 ^ packet.source3, 31) ^ packet.destination3;
    const start = at + HEADER_LENGTH;
    const end = Math.min(packet.end, at + length);
    // The first word tells apart what a checksum left out (0, or done by the network card) cannot: in RPC, the xid.
    const first = end - start >= 4 ? word(bytes, start) : 0;
    if (this.duplicates.repeats(fingerprint(ports, mark, packet.identification, ends), first, packet)) {
      this.counters.duplicateFrames++;
      return;
    }
    const from = this.endpoints.source(packet, ports >>> 16);
    const to = this.endpoints.destination(packet, ports & 0xffff);
    this.sink.datagram(from, to, bytes, start, end, length - HEADER_LENGTH);
  }
}
