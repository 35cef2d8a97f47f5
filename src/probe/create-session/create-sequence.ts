import type { ProbeClient } from "../probe-client.ts";

/** csa_sequence of the next CREATE_SESSION, and so many further on. Sequence ids wrap. RFC 8881 §18.36.4 */
export function createSeq({ requester }: ProbeClient, further = 0): number {
  return (requester.createSequence + further) >>> 0;
}

/** csa_sequence of the last CREATE_SESSION. */
export function previousSeq(client: ProbeClient): number {
  return createSeq(client, -1);
}
