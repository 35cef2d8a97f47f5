import { expect, test } from "vitest";
import { NFS4ERR_ACCESS, NFS4ERR_NOENT, NFS4ERR_PERM } from "../../src/nfs4/constants.ts";
import { portHint } from "../../src/probe/port-hint.ts";

test.each([
  ["10.0.0.1:40000", NFS4ERR_PERM, true],
  ["[fd09::1]:40000", NFS4ERR_ACCESS, true],
  ["10.0.0.1:1023", NFS4ERR_PERM, false],
  ["10.0.0.1:40000", NFS4ERR_NOENT, false],
  [undefined, NFS4ERR_PERM, false],
])("%s refused with %d", (address, status, isHinted) => {
  expect(portHint(address, status).includes("--resvport")).toBe(isHinted);
});
