import { AUTH_SYS } from "../../rpc/constants.ts";
import type { Probe } from "../probe.ts";
import { offeredCredential, usedCredential } from "./callback-credential.ts";
import { onRecallStage } from "./recall-stage.ts";

/** Somebody whom no server would think of by itself. */
const OFFERED = {
  cb_secflavor: AUTH_SYS,
  cbsp_sys_cred: { stamp: 0, machinename: "slotshark", uid: 54_321, gid: 54_322, gids: [54_323] },
};

export const cbUnofferedFlavor: Probe = {
  id: "cb-unoffered-flavor",
  title: "Callbacks come with a credential that the client offered",
  requires: "AUTH_SYS with the user and groups of csa_sec_parms, which offers nothing else.",
  permits: "The same user without the groups.",
  rfc: "RFC 8881 §2.10.8.2, §18.36.3",
  knownDeviations: "DittoFS always uses AUTH_NONE.",
  writes: true,
  run: (bench) =>
    onRecallStage(bench, { callbackSecurity: [OFFERED] }, async (stage) => {
      stage.provoke(await stage.takeDelegation("wanted"));
      const { call } = await stage.recall();
      const [used, offered] = [usedCredential(call), offeredCredential(OFFERED)];
      const otherwise = used.principal === offered.principal ? "pass-alternative" : "deviates";
      bench.judge(used.text === offered.text ? "pass" : otherwise, `callbacks with ${offered.text}`, used.text);
    }),
};
