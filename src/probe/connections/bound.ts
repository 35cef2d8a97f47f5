import { BIND_CONN_TO_SESSION4res, channel_dir_from_client4 } from "../../nfs4/ops/session.ts";
import { isLegalBind } from "../../session/connection.ts";
import { type Answer, answer } from "../answers.ts";

/** BIND_CONN_TO_SESSION succeeds and gives what was wished for, no less and no more. RFC 8881 §18.34.3 */
export function boundAs(wished: number): Answer {
  return answer(`OK and the channels of ${channel_dir_from_client4.nameOf(wished)}`, (exchange) => {
    const given = exchange.result(BIND_CONN_TO_SESSION4res)?.bctsr_resok4?.bctsr_dir;
    return given !== undefined && isLegalBind(wished, given);
  });
}
