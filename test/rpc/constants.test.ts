import { expect, test } from "vitest";
import { ACCEPT_STAT_NAMES, authStatName, PROG_MISMATCH, SYSTEM_ERR } from "../../src/rpc/constants.ts";

test("accept_stat and auth_stat have the RFC's names", () => {
  expect([ACCEPT_STAT_NAMES[PROG_MISMATCH], ACCEPT_STAT_NAMES[SYSTEM_ERR]]).toEqual(["PROG_MISMATCH", "SYSTEM_ERR"]);
  expect([1, 5, 13, 14].map(authStatName)).toEqual([
    "AUTH_BADCRED",
    "AUTH_TOOWEAK",
    "RPCSEC_GSS_CREDPROBLEM",
    "RPCSEC_GSS_CTXPROBLEM",
  ]);
  expect(authStatName(99)).toBe("99");
});
