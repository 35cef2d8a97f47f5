import { beforeEach, describe, expect, test } from "vitest";
import { type Inode, NF4LNK } from "../../../src/server/fs/inode.ts";
import { userOf } from "../../support/server-context.ts";
import { openStateid, READ, WANT, WRITE } from "../../support/stateful-operations.ts";
import { ANONYMOUS, type StatefulClient, StatefulServer } from "../../support/stateful-server.ts";

interface CopyOutcome {
  readonly cr_resok4: { readonly cr_response: { readonly wr_count: bigint } };
}

const SLICE_BYTES = 4 * 1024 * 1024;

let server: StatefulServer;
let client: StatefulClient;
let source: Inode;
let target: Inode;

beforeEach(() => {
  server = new StatefulServer();
  client = server.client();
  source = server.file("source", "0123456789");
  target = server.file("target", "abc");
});

const copyArgs = (from = 0n, to = 0n, count = 0n) => ({
  ca_src_stateid: ANONYMOUS,
  ca_dst_stateid: ANONYMOUS,
  ca_src_offset: from,
  ca_dst_offset: to,
  ca_count: count,
  ca_consecutive: true,
  ca_synchronous: true,
  ca_source_server: [] as object[],
});
const status = (args: object, [from, to] = [source, target], user = userOf(0)) =>
  server.timers.until(client.at(to, user).withSaved(from).status("COPY", args));
const textOf = (inode: Inode) => Buffer.from(inode.data.read(0, 100)).toString();

describe("COPY", () => {
  test.each([
    [0n, 0n, 0n, "0123456789"],
    [4n, 1n, 3n, "a456"],
    [8n, 5n, 0n, "abc\0\x0089"],
    [10n, 0n, 0n, "abc"],
  ])("from %i to %i, %i bytes; 0: all the rest", async (from, to, count, text) => {
    const outcome = client
      .at(target)
      .withSaved(source)
      .ok<CopyOutcome>("COPY", copyArgs(from, to, count));
    const { cr_resok4 } = await server.timers.until(outcome);
    expect(textOf(target)).toBe(text);
    expect(textOf(source)).toBe("0123456789");
    expect(cr_resok4.cr_response.wr_count).toBe(count === 0n ? 10n - from : count);
  });

  test.each([
    ["beyond the end of the source", copyArgs(11n), "NFS4ERR_INVAL"],
    ["more than there is", copyArgs(5n, 0n, 6n), "NFS4ERR_INVAL"],
    ["with numbers that overflow", copyArgs(0xffff_ffff_ffff_ffffn, 0n, 2n), "NFS4ERR_INVAL"],
    ["to where no file reaches", copyArgs(0n, 2n ** 44n), "NFS4ERR_FBIG"],
    [
      "from another server",
      { ...copyArgs(), ca_source_server: [{ nl_type: 1, nl_name: "x" }] },
      "NFS4ERR_OFFLOAD_DENIED",
    ],
  ])("%s", async (_, args, expected) => {
    expect(await status(args)).toBe(expected);
    expect(textOf(target)).toBe("abc");
  });

  test("is for two different regular files", async () => {
    expect(await status(copyArgs(), [source, source])).toBe("NFS4ERR_INVAL");
    expect(await status(copyArgs(), [source, server.fileSystem.root])).toBe("NFS4ERR_WRONG_TYPE");
    expect(await status(copyArgs(), [server.file("l", "", { type: NF4LNK }), target])).toBe("NFS4ERR_WRONG_TYPE");
  });

  test("wants both files open as it takes, or permission", async () => {
    const reading = await openStateid(client, source, { access: READ | WANT.none });
    const writing = await openStateid(client, target, { access: WRITE });
    source.mode = 0;
    target.mode = 0;
    const args = copyArgs();
    const stranger = userOf(200);
    const open = { ...args, ca_src_stateid: reading, ca_dst_stateid: writing };
    expect(await status(open, [source, target], stranger)).toBe("NFS4_OK");
    expect(await status(args, [source, target], stranger)).toBe("NFS4ERR_ACCESS");
    expect(await status({ ...args, ca_dst_stateid: reading })).toBe("NFS4ERR_BAD_STATEID");
  });

  test("of much gives way to others, and stops where the source was cut off meanwhile", async () => {
    source.data.write(0, new Uint8Array(3 * SLICE_BYTES).fill(1));
    const outcome = client.at(target).withSaved(source).ok<CopyOutcome>("COPY", copyArgs());
    await Promise.resolve();
    source.data.truncate(SLICE_BYTES + 5);
    const { cr_resok4 } = await server.timers.until(outcome);
    expect(cr_resok4.cr_response.wr_count).toBe(BigInt(SLICE_BYTES + 5));
    expect(target.size).toBe(SLICE_BYTES + 5);
  });

  test("ends when the client is gone, or the target", async () => {
    source.data.write(0, new Uint8Array(3 * SLICE_BYTES).fill(1));
    const first = client.at(target).withSaved(source).status("COPY", copyArgs());
    server.states.dropClient(client.record);
    expect(await server.timers.until(first)).toBe("NFS4ERR_DELAY");
    const other = server.client();
    const second = other.at(target).withSaved(source).status("COPY", copyArgs());
    await Promise.resolve();
    await other.at().ok("REMOVE", { target: "target" });
    expect(await server.timers.until(second)).toBe("NFS4ERR_STALE");
    expect(server.fileSystem.space.used).toBe(source.spaceUsed);
  });

  test("of more than there is space for", async () => {
    source.data.write(0, new Uint8Array(40 * 1024 * 1024));
    expect(await status(copyArgs())).toBe("NFS4ERR_NOSPC");
  });
});
