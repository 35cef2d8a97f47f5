import { formatAddress } from "./address.ts";
import type { Packet } from "./packet.ts";
import type { Endpoint } from "./stream.ts";

/** Endpoints remembered; beyond, two that fall on the same place displace each other. */
const ENDPOINTS_KEPT = 4096;

interface Kept {
  family: number;
  word0: number;
  word1: number;
  word2: number;
  word3: number;
  endpoint: Endpoint;
}

/** Makes the text of an endpoint once, not once a packet. */
export class Endpoints {
  private readonly kept: (Kept | undefined)[] = new Array(ENDPOINTS_KEPT).fill(undefined);

  source(packet: Packet, port: number): Endpoint {
    return this.find(packet.family, packet.source0, packet.source1, packet.source2, packet.source3, port);
  }

  destination(packet: Packet, port: number): Endpoint {
    const { family, destination0, destination1, destination2, destination3 } = packet;
    return this.find(family, destination0, destination1, destination2, destination3, port);
  }

  private find(family: 4 | 6, word0: number, word1: number, word2: number, word3: number, port: number): Endpoint {
    let hash = Math.imul(word0 ^ Math.imul(word1 ^ Math.imul(word2 ^ word3, 31), 31), 0x9e3779b1) ^ port;
    hash = Math.imul(hash, 0x85ebca6b);
    const at = (hash ^ (hash >>> 16)) & (ENDPOINTS_KEPT - 1);
    const old = this.kept[at];
    if (old !== undefined && old.endpoint.port === port && old.family === family && old.word0 === word0) {
      if (old.word1 === word1 && old.word2 === word2 && old.word3 === word3) return old.endpoint;
    }
    const endpoint = { address: formatAddress(family, word0, word1, word2, word3), port };
    this.kept[at] = { family, word0, word1, word2, word3, endpoint };
    return endpoint;
  }
}
