import { SECINFO_NO_NAME4args, SECINFO4res } from "../../../src/nfs4/ops/secinfo.ts";
import { fromHex } from "../../support/hex.ts";
import { rows } from "../../support/xdr-rows.ts";

rows(SECINFO4res, [
  {
    name: "Kerberos with privacy, AUTH_SYS, and a flavor of tomorrow",
    hex: `00000000 00000003
      00000006 00000009 2a864886 f7120102 02000000 00000000 00000003
      00000001
      0005f377`,
    value: {
      status: 0,
      resok4: [
        { flavor: 6, flavor_info: { oid: fromHex("2a864886f712010202"), qop: 0, service: 3 } },
        { flavor: 1 },
        { flavor: 390_007 },
      ],
    },
  },
  { name: "NFS4ERR_NOENT", hex: "00000002", value: { status: 2 } },
]);

rows(SECINFO_NO_NAME4args, [
  { name: "the current filehandle", hex: "00000000", value: 0 },
  { name: "its parent", hex: "00000001", value: 1 },
]);
