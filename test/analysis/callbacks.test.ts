import { expect, test } from "vitest";
import { Analyzer } from "../../src/analysis/analyzer.ts";
import type { Rule } from "../../src/rules/rule.ts";
import type { Call } from "../../src/session/call.ts";
import { ruleLike } from "../support/analysis-fixture.ts";
import { CALLBACK_PROGRAM, op, scenario } from "../support/scenario.ts";

function listening(...catalogue: Partial<Rule>[]) {
  const wire = scenario();
  Object.assign(wire.wire, { analyzer: new Analyzer(catalogue.map(ruleLike)) });
  return wire;
}

test("a callback says what its RPC header said", () => {
  const calls: Call[] = [];
  const wire = listening({ channel: "back", watch: () => ({ "callback-call": (call) => void calls.push(call) }) });
  const session = wire.session({ flags: 2 });
  session.callback(1, 1, undefined, { version: 4, uid: 7, gid: 8, gids: [9] }).ok();
  session.callback(0, 1, undefined, { uid: -1 }).ok();
  expect(calls).toMatchObject([
    {
      channel: "back",
      slotId: 1,
      callback: { program: CALLBACK_PROGRAM, version: 4, credential: { flavor: 1, ids: [7, 8, 9] } },
    },
    { slotId: 0, callback: { credential: { flavor: 0, ids: null } } },
  ]);
});

test("a connection that carries callbacks only is known by its first", () => {
  const calls: Call[] = [];
  const wire = listening({ channel: "back", watch: () => ({ "answer-clean": (call) => void calls.push(call) }) });
  const session = wire.session({ flags: 2 });
  const on = wire.connect("10.0.0.2:999");
  session.callback(0, 1, undefined, { on }).ok();
  wire.findings();
  expect(calls.map(({ connection }) => connection.name)).toEqual(["10.0.0.2:999 > 10.0.0.1:2049"]);
  expect(calls[0]?.session?.id).toBe(session.id);
});

test("a client that refuses a callback with BADSESSION does not end the session", () => {
  const dead: Call[] = [];
  const wire = listening({
    channel: "both",
    watch: () => ({ "call-dead-session": ({ call }) => void dead.push(call) }),
  });
  const session = wire.session({ flags: 2 });
  session.callback(0, 1).fail(10052);
  session.slot(0).exchange(1);
  wire.findings();
  expect(dead).toEqual([]);
});

test("operations are told by channel: numbers of callbacks mean other operations", () => {
  const told: string[] = [];
  const note: Rule["watch"] = () => ({
    "operation-call": ({ call, operation }) => void told.push(`${call.channel} ${operation}`),
    "operation-result": ({ call, operation, status }) => void told.push(`${call.channel} ${operation}: ${status}`),
  });
  const wire = listening({ channel: "both", operations: [8], callbackOperations: [4], watch: note });
  const session = wire.session({ flags: 2 });
  session.slot(0).exchange(1, 1, [op.putfh(), op.close()]);
  session.slot(0).exchange(2, 2, [op.putfh(), op.delegreturn()]);
  session.callback(0, 1, [op.recall(), op.recallAny()]).ok([0, 10025]);
  wire.findings();
  expect(told).toEqual(["fore 8", "fore 8: 0", "back 4", "back 4: 10025"]);
});

test("replies tell of the delegations and layouts that they hand out", () => {
  const told: string[] = [];
  const wire = listening({
    watch: () => ({
      "state-granted": ({ kind, stateid, call }) => void told.push(`${kind} ${stateid} ${call.seq}`),
      "delegation-promised": ({ call }) => void told.push(`promise ${call.seq}`),
    }),
  });
  const slot = wire.session().slot(0);
  const other = (byte: number) => ({ seqid: 1, other: new Uint8Array(12).fill(byte) });
  slot.exchange(1, 1, [op.putrootfh(), op.open()]);
  slot.exchange(2, 2, [op.putrootfh(), op.openDelegated(other(2)), op.getfh(), op.openDelegated(other(3))]);
  slot.send(3, [op.putrootfh(), op.openDelegated(other(4))]).ok([0, 0, 10008]);
  const layout = { logr_return_on_close: true, logr_stateid: other(5), logr_layout: [] };
  slot.exchange(4, 4, [op.putfh(), { ...LAYOUTGET, ok: { logr_resok4: layout } }]);
  slot.exchange(5, 5, [
    wanted({ delegation_type: 1, read: { stateid: other(6), recall: false, permissions: NOBODY } }),
  ]);
  slot.exchange(6, 6, [wanted({ delegation_type: 3, od_whynone: { ond_why: 2, ond_server_will_signal_avail: true } })]);
  slot.exchange(7, 7, [
    wanted({ delegation_type: 3, od_whynone: { ond_why: 2, ond_server_will_signal_avail: false } }),
  ]);
  slot.exchange(8, 8, [wanted({ delegation_type: 3, od_whynone: { ond_why: 0 } })]);
  wire.findings();
  const hex = (digits: string) => digits.repeat(12);
  expect(told).toEqual([
    `delegation ${hex("02")} 2`,
    `delegation ${hex("03")} 2`,
    `layout ${hex("05")} 4`,
    `delegation ${hex("06")} 5`,
    "promise 6",
  ]);
});

const NOBODY = { type: 0, flag: 0, access_mask: 0, who: new Uint8Array(0) };
const LAYOUTGET = op.step("LAYOUTGET", {
  loga_signal_layout_avail: false,
  loga_layout_type: 1,
  loga_iomode: 1,
  loga_offset: 0n,
  loga_length: 1n,
  loga_minlength: 1n,
  loga_stateid: { seqid: 0, other: new Uint8Array(12) },
  loga_maxcount: 1000,
});

function wanted(delegation: object) {
  const args = { wda_want: 0x100, wda_claim: { dc_claim: 1, dc_delegate_type: 1 } };
  return op.step("WANT_DELEGATION", args, { wdr_resok4: delegation });
}
