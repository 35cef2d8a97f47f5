/** What a file that is no capture we read seems to be, and what to do with it. */
interface ForeignFormat {
  magic: readonly number[];
  hint: string;
}

const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], hint: "xz data; unpack it with `xz -d` first" },
  { magic: [0x42, 0x5a, 0x68], hint: "bzip2 data; unpack it with `bunzip2` first" },
  { magic: [0x50, 0x4b, 0x03, 0x04], hint: "a zip archive; unpack it with `unzip` first" },
  { magic: [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0], hint: "a snoop capture; convert it with `editcap IN OUT.pcapng`" },
  { magic: [0x47, 0x4d, 0x42, 0x55], hint: "a Network Monitor capture; convert it with `editcap IN OUT.pcapng`" },
  { magic: [0x52, 0x54, 0x53, 0x53], hint: "a Network Monitor capture; convert it with `editcap IN OUT.pcapng`" },
  {
    magic: [0x54, 0x52, 0x53, 0x4e, 0x49, 0x46, 0x46],
    hint: "a Sniffer capture; convert it with `editcap IN OUT.pcapng`",
  },
  { magic: [0x7b], hint: "JSON text, not a capture" },
  { magic: [0x3c], hint: "XML or HTML text, not a capture" },
];

/** A guess at what data starting with `head` is; null if there is none. */
export function foreignHint(head: Uint8Array): string | null {
  const match = FOREIGN_FORMATS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  return match?.hint ?? null;
}
