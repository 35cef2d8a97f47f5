import { beforeEach, describe, expect, test } from "vitest";
import type { Inode } from "../../../src/server/fs/inode.ts";
import {
  DELEGATE,
  delegationStateid,
  openArgs,
  type opened,
  READ,
  readArgs,
  WANT,
  WRITE,
  writeArgs,
} from "../../support/stateful-operations.ts";
import { ANONYMOUS, type StatefulClient, StatefulServer } from "../../support/stateful-server.ts";

let server: StatefulServer;
let holder: StatefulClient;
let other: StatefulClient;
let changer: StatefulClient;
let one: Inode;
let two: Inode;

beforeEach(() => {
  server = new StatefulServer();
  [holder, other, changer] = [server.client(), server.client(), server.client()];
  [one, two] = [server.file("one", "first"), server.file("two", "second")];
});

/** Returns a delegation and asks for another one at once, in the same compound. */
async function returnAndTakeAgain(deleg_stateid: Awaited<ReturnType<typeof delegationStateid>>) {
  const compound = holder.at(one);
  const returning = compound.ok("DELEGRETURN", { deleg_stateid });
  // No promise of the server goes on between operations of a compound that do not wait.
  const opening = compound.ok<{ resok4: Awaited<ReturnType<typeof opened>> }>(
    "OPEN",
    openArgs({ access: READ | WANT.read }),
  );
  await returning;
  return (await opening).resok4.delegation.delegation_type;
}

describe("a delegation handed out again while an operation waits", () => {
  test.each([
    ["OPEN for writing", () => changer.at(one).status("OPEN", openArgs({ access: WRITE | WANT.none }))],
    ["WRITE", () => changer.at(one).status("WRITE", writeArgs(ANONYMOUS, "changed"))],
    ["REMOVE", () => changer.at().status("REMOVE", { target: "one" })],
    ["LINK", () => changer.at().withSaved(one).status("LINK", { newname: "three" })],
    ["ALLOCATE", () => changer.at(one).status("ALLOCATE", { aa_stateid: ANONYMOUS, aa_offset: 0n, aa_length: 9n })],
    ["COPY", () => changer.at(one).withSaved(two).status("COPY", copyArgs)],
  ])("%s is told to come again, and nothing is changed", async (_, start) => {
    const delegation = await delegationStateid(holder, one);
    const change = start();
    await server.timers.advance(10);
    expect(await returnAndTakeAgain(delegation)).toBe(DELEGATE.read);
    expect(await server.timers.until(change)).toBe("NFS4ERR_DELAY");
    expect(await holder.at(one).ok("READ", readArgs(ANONYMOUS))).toMatchObject({
      resok4: { data: expect.objectContaining({ length: 5 }) },
    });
    expect(server.fileSystem.find(server.fileSystem.root, "one")).toBe(one);
    expect(one.linkCount).toBe(1);
  });

  test("RENAME waits for two files, and the first is delegated anew before the second is free", async () => {
    const first = await delegationStateid(holder, one);
    const second = await delegationStateid(other, two);
    const rename = changer.at().withSaved(server.fileSystem.root).status("RENAME", { oldname: "one", newname: "two" });
    await server.timers.advance(10);
    await holder.at(one).ok("DELEGRETURN", { deleg_stateid: first });
    await server.timers.advance(10);
    await delegationStateid(holder, one);
    await other.at(two).ok("DELEGRETURN", { deleg_stateid: second });
    expect(await server.timers.until(rename)).toBe("NFS4ERR_DELAY");
    expect(server.fileSystem.find(server.fileSystem.root, "two")).toBe(two);
  });

  test("the asker's own is no hindrance", async () => {
    const delegation = await delegationStateid(holder, one);
    const own = await delegationStateid(changer, one);
    const change = changer.at(one).status("OPEN", openArgs({ access: WRITE | WANT.none }));
    await server.timers.advance(10);
    await holder.at(one).ok("DELEGRETURN", { deleg_stateid: delegation });
    expect(await server.timers.until(change)).toBe("NFS4_OK");
    expect(await changer.at(one).status("READ", readArgs(own))).toBe("NFS4_OK");
  });
});

const copyArgs = {
  ca_src_stateid: ANONYMOUS,
  ca_dst_stateid: ANONYMOUS,
  ca_src_offset: 0n,
  ca_dst_offset: 0n,
  ca_count: 0n,
  ca_consecutive: true,
  ca_synchronous: true,
  ca_source_server: [],
};
