import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NFS4_OK } from "../../src/nfs4/constants.ts";
import { lookup, putRootFh } from "../../src/probe/operations.ts";
import { replyText } from "../../src/requester/compound-reply.ts";
import { connect } from "../../src/sys/sockets.ts";
import { systemTimers } from "../../src/sys/timers.ts";
import { type Ganesha, ganeshaOrSkip, startGanesha } from "./ganesha.ts";
import { testRequester } from "./requester-fixture.ts";

const required = ganeshaOrSkip();

describe.skipIf(required.skip)(`a real nfs-ganesha (${required.reason})`, () => {
  let ganesha: Ganesha;

  beforeAll(async () => {
    ganesha = await startGanesha();
  });

  afterAll(() => ganesha?.stop());

  test.each([1, 2])("gives sessions of minor version %d, and has both exports", async (minorVersion) => {
    const open = () => connect({ host: "127.0.0.1", port: ganesha.port });
    const requester = testRequester(systemTimers, open, { minorVersion });
    const connection = await requester.connect();
    expect((await requester.exchangeId(connection)).status).toBe(NFS4_OK);
    const { session } = await requester.createSession(connection);
    for (const [index, name] of ["mem", "vfs"].entries()) {
      const operations = [putRootFh(), lookup(name)];
      const outcome = await session!.send({ slot: 0, seq: index + 1, operations }).outcome;
      expect(outcome.kind === "reply" && replyText(outcome.reply)).toBe("SEQUENCE OK, PUTROOTFH OK, LOOKUP OK");
    }
    await session!.destroy();
    connection.close();
    await connection.lost;
  });

  test("others run beside it, and nothing is left of them", async () => {
    const other = await startGanesha({ leaseSeconds: 20, graceSeconds: 5 });
    expect(other.port).not.toBe(ganesha.port);
    expect(existsSync(other.files)).toBe(true);
    await other.stop();
    expect(existsSync(other.files)).toBe(false);
    await expect(connect({ host: "127.0.0.1", port: other.port })).rejects.toThrow("ECONNREFUSED");
  });
});
