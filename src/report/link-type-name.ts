/** LINKTYPE_ numbers of the tcpdump.org registry under which NFS is met. */
const NAMES = new Map<number, string>([
  [0, "null"],
  [1, "ethernet"],
  [6, "token-ring"],
  [9, "ppp"],
  [10, "fddi"],
  [12, "raw"],
  [14, "raw"],
  [101, "raw"],
  [105, "ieee802.11"],
  [108, "loop"],
  [113, "linux-sll"],
  [127, "ieee802.11-radiotap"],
  [228, "ipv4"],
  [229, "ipv6"],
  [247, "infiniband"],
  [276, "linux-sll2"],
]);

/** A name for a link type, `linktype-N` where it has none. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? `linktype-${linkType}`;
}
