import { array, enumeration, struct, type ValueOf } from "../xdr/types.ts";
import { length4, stateid4, verifier4 } from "./types.ts";

/** How far written data has got. RFC 8881 §18.32 */
export const stable_how4 = enumeration("stable_how4", { UNSTABLE4: 0, DATA_SYNC4: 1, FILE_SYNC4: 2 });

/** What COPY, WRITE_SAME and CB_OFFLOAD report; a callback id says that the work goes on. RFC 7862 §15.2.2 */
export const write_response4 = struct("write_response4", {
  wr_callback_id: array(stateid4, 1),
  wr_count: length4,
  wr_committed: stable_how4,
  wr_writeverf: verifier4,
});
export type write_response4 = ValueOf<typeof write_response4>;
