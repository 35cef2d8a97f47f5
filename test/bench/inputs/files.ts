import { attributeMask, writeAttributes } from "../../../src/nfs4/fattr.ts";
import { filler } from "../../support/rpc-stream.ts";
import { op, type Step } from "../../support/scenario-operations.ts";

const HANDLE_BYTES = 20;
const NF4REG = 1;
const NF4DIR = 2;
const SECOND = 1_699_990_000n;

/** What Linux asks of every file that it looks at. */
const STAT = attributeMask(
  "type",
  "change",
  "size",
  "fsid",
  "fileid",
  "mode",
  "numlinks",
  "owner",
  "owner_group",
  "rawdev",
  "space_used",
  "time_access",
  "time_metadata",
  "time_modify",
  "mounted_on_fileid",
);

/** A file or directory of the server. */
export class ServerFile {
  readonly id: number;
  readonly name: string;
  readonly handle: Uint8Array;
  readonly stateid: { seqid: number; other: Uint8Array };
  readonly isDirectory: boolean;

  constructor(id: number, isDirectory = false) {
    this.id = id;
    this.name = `${isDirectory ? "directory" : "file"}-${id}.${id % 7}`;
    this.handle = filler(HANDLE_BYTES, id);
    this.stateid = { seqid: 1, other: filler(12, id) };
    this.isDirectory = isDirectory;
  }

  putfh(): Step {
    return op.putfh(this.handle);
  }

  getfh(): Step {
    return op.step("GETFH", undefined, { resok4: { object: this.handle } });
  }

  getattr(): Step {
    return op.step("GETATTR", { attr_request: STAT }, { resok4: { obj_attributes: this.attributes() } });
  }

  attributes() {
    const at = (part: number) => ({ seconds: SECOND + BigInt(this.id), nseconds: (this.id * 7_919 * part) % 1e9 });
    return writeAttributes({
      type: this.isDirectory ? NF4DIR : NF4REG,
      change: 0x6500_0000_0000n + BigInt(this.id),
      size: BigInt(this.id * 4096),
      fsid: { major: 11n, minor: 0n },
      fileid: BigInt(6_000 + this.id),
      mode: this.isDirectory ? 0o755 : 0o644,
      numlinks: this.isDirectory ? 2 : 1,
      owner: `${1000 + (this.id % 10)}`,
      owner_group: "100",
      rawdev: { specdata1: 0, specdata2: 0 },
      space_used: BigInt(this.id * 4096),
      time_access: at(1),
      time_metadata: at(2),
      time_modify: at(3),
      mounted_on_fileid: BigInt(6_000 + this.id),
    });
  }

  /** OPEN by name in a directory, and what Linux puts behind it. */
  open(inside: ServerFile, isNew: boolean): Step[] {
    const claim = { claim: 0, file: this.name };
    const { args, ok } = op.open(this.name, { claim, create: isNew });
    const resok4 = { ...(ok.resok4 as object), stateid: this.stateid };
    return [inside.putfh(), op.step("OPEN", args, { resok4 }), this.getfh(), op.access(), this.getattr()];
  }

  close(): Step[] {
    const closed = { seqid: 2, other: this.stateid.other };
    return [
      this.putfh(),
      op.step("CLOSE", { seqid: 0, open_stateid: this.stateid }, { open_stateid: closed }),
      this.getattr(),
    ];
  }

  read(count: number, offset = 0n): Step[] {
    const data = { length: count, bytes: filler(count, this.id) };
    return [this.putfh(), op.step("READ", { stateid: this.stateid, offset, count }, { resok4: { eof: false, data } })];
  }

  write(count: number, offset = 0n): Step[] {
    const { args, ok } = op.write(filler(count, this.id));
    return [this.putfh(), op.step("WRITE", { ...(args as object), stateid: this.stateid, offset }, ok), this.getattr()];
  }

  readdir(entries: readonly ServerFile[]): Step[] {
    const cookieverf = new Uint8Array(8);
    const list = entries.map((entry, index) => ({
      cookie: BigInt(index + 3),
      name: entry.name,
      attrs: entry.attributes(),
    }));
    const args = { cookie: 0n, cookieverf, dircount: 8170, maxcount: 32_680, attr_request: STAT };
    return [this.putfh(), op.step("READDIR", args, { resok4: { cookieverf, reply: { entries: list, eof: true } } })];
  }
}
