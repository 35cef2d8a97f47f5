import { writeCall } from "../../nfs4/compound-writer.ts";
import { NFS4_OK, NFS4ERR_BADXDR, NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { GARBAGE_ARGS } from "../../rpc/constants.ts";
import { Sink } from "../../xdr/sink.ts";
import { type Answer, allOk, answer, rpcRefusal, sequenceOk, wholeStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

const SHORT_TAG = "slotshark ¶ märchen";
const LONG_TAG = "0123456789abcdef".repeat(32);
/** No UTF-8 has these bytes. RFC 3629 §3 */
const NO_UTF8 = [0xff, 0xfe];
const TAG_OFFSET = 4;

export const tagUtf8: Probe = {
  id: "tag-utf8",
  title: "Tags that are no UTF-8, tags that come back, and a compound of nothing",
  requires:
    "INVAL without any result to a tag that is no UTF-8; the tag of the request in the reply (SHOULD); OK to no operations.",
  permits: "Not to look at the tag; not to return it; to refuse a long one.",
  rfc: "RFC 8881 §16.2.3, §16.2.4",
  pynfs: ["COMP1", "COMP2", "COMP3"],
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const { connection } = session;
    const sink = new Sink();
    writeCall(sink, "ab", bench.settings.minorVersion, [session.sequenceOperation(1, 0)]);
    const bytes = sink.finish();
    bytes.set(NO_UTF8, TAG_OFFSET);
    const spoilt = await client.alone(connection, { bytes });
    bench.expect(spoilt, wholeStatus(NFS4ERR_INVAL), allOk);
    let seq = sequenceOk.fits(spoilt) ? 2 : 1;
    bench.expect(await session.sequence(seq++, 0, { tag: SHORT_TAG }), echo(SHORT_TAG), allOk);
    const long = await session.sequence(seq, 0, { tag: LONG_TAG });
    const refusals = [wholeStatus(NFS4ERR_INVAL, NFS4ERR_BADXDR), rpcRefusal(GARBAGE_ARGS)];
    bench.expect(long, echo(LONG_TAG), allOk, ...refusals);
    bench.expect(await client.alone(connection, {}), wholeStatus(NFS4_OK));
    await bench.expectNext(session, 0, sequenceOk.fits(long) ? seq + 1 : seq);
  },
};

function echo(tag: string): Answer {
  return answer(`OK, and the tag of ${tag.length} characters again`, ({ reply }) => {
    return reply !== null && reply.status === NFS4_OK && reply.tag === tag;
  });
}
