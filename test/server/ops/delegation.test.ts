import { describe, expect, test } from "vitest";
import { delegationStateid, openStateid } from "../../support/stateful-operations.ts";
import { ANONYMOUS, StatefulServer } from "../../support/stateful-server.ts";

const server = new StatefulServer();
const client = server.client();

describe("DELEGRETURN", () => {
  test("of a delegation, once, and at its file", async () => {
    const file = server.file("f");
    const deleg_stateid = await delegationStateid(client, file);
    const status = (at = file, stateid = deleg_stateid) =>
      client.at(at).status("DELEGRETURN", { deleg_stateid: stateid });
    expect(await status(server.file("g"))).toBe("NFS4ERR_BAD_STATEID");
    expect(await status(file, await openStateid(client, file))).toBe("NFS4ERR_BAD_STATEID");
    expect(await status(file, ANONYMOUS)).toBe("NFS4ERR_BAD_STATEID");
    expect(await status(file, { ...deleg_stateid, seqid: 2 })).toBe("NFS4ERR_BAD_STATEID");
    expect(await status(file, { ...deleg_stateid, seqid: 0 })).toBe("NFS4_OK");
    expect(await status()).toBe("NFS4ERR_BAD_STATEID");
  });
});

test("what this server does not have", async () => {
  expect(await client.at().status("DELEGPURGE", { clientid: 0n })).toBe("NFS4ERR_NOTSUPP");
  const want = { wda_want: 0x100, wda_claim: { dc_claim: 4 } };
  expect(await client.at().status("WANT_DELEGATION", want)).toBe("NFS4ERR_NOTSUPP");
});

test("delegations of directories cannot be had", async () => {
  const args = {
    gdda_signal_deleg_avail: true,
    gdda_notification_types: [],
    gdda_child_attr_delay: { seconds: 0n, nseconds: 0 },
    gdda_dir_attr_delay: { seconds: 0n, nseconds: 0 },
    gdda_child_attributes: [],
    gdda_dir_attributes: [],
  };
  const { gddr_res_non_fatal4 } = await client.at().ok<{ gddr_res_non_fatal4: object }>("GET_DIR_DELEGATION", args);
  expect(gddr_res_non_fatal4).toEqual({ gddrnf_status: 1, gddrnf_will_signal_deleg_avail: false });
  expect(await client.at(server.file("h")).status("GET_DIR_DELEGATION", args)).toBe("NFS4ERR_NOTDIR");
});
