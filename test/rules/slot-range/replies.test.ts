import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Session } from "../../support/scenario.ts";

const BADSLOT = 10053;

/** One exchange on each of the slots 1 to 3. */
function useAll(session: Session): void {
  for (const slot of [1, 2, 3]) session.slot(slot).exchange(1);
}

bad("sr-highest-below-arg", "the limit falls below a slot that is in use, and nothing was asked before", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const call = session.slot(0).send(1, undefined, { highest: 3 });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { highest: 1 })],
    slot: 0,
    seq: 1,
  };
});

good("sr-highest-below-arg", "the target came down before", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(0).send(1, undefined, { highest: 3 }).ok([], { highest: 3, target: 1 });
  session.slot(0).send(2, undefined, { highest: 3 }).ok([], { highest: 1 });
});

good(
  "sr-highest-below-arg",
  "CB_RECALL_SLOT came before",
  (wire) => {
    const session = wire.session({ slots: 4, flags: 2 });
    useAll(session);
    const recall = op.step("CB_RECALL_SLOT", { rsa_target_highest_slotid: 1 });
    session.connection.callback([session.callbackSequence(0, 1), recall]).ok();
    session.slot(0).send(1, undefined, { highest: 3 }).ok([], { highest: 1 });
  },
  { foreOnly: "only slots of the fore channel can be recalled" },
);

good("sr-highest-below-arg", "it falls as low as what is in use", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(0).send(1, undefined, { highest: 1 }).ok([], { highest: 1 });
});

good("sr-highest-below-arg", "the client named more than the table ever had", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1, undefined, { highest: 63 }).ok();
});

good("sr-highest-below-arg", "the client itself had come down by the time of a late reply", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const late = session.slot(1).send(2, undefined, { highest: 3 });
  session.slot(0).send(1, undefined, { highest: 1 });
  late.ok([], { highest: 1 });
});

good("sr-highest-below-arg", "a reply to a retry may repeat old limits", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1).ok([], { highest: 1, target: 1 });
  session.slot(0).send(2).ok([], { highest: 3, target: 3 });
  const call = session.slot(3).send(1, [op.putfh()]);
  call.ok([], { lost: true });
  session.slot(3).send(1, [op.putfh()], { xid: call.xid }).ok([], { highest: 1 });
});

bad("sr-highest-below-slot", "slot 2 is served and forbidden in one", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const call = session.slot(2).send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok([], { highest: 1 })],
    slot: 2,
    seq: 2,
  };
});

bad("sr-highest-below-slot", "the server leaves the field at 0", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1).ok([], { highest: 0 });
  const call = session.slot(1).send(1);
  return { frames: [call.frame, call.ok([], { highest: 0 })], slot: 1 };
});

good("sr-highest-below-slot", "only slots above it are forbidden", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(2).send(2).ok([], { highest: 2 });
});

good("sr-highest-below-slot", "the client had been asked for less", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(0).send(1).ok([], { highest: 3, target: 1 });
  session.slot(2).send(2).ok([], { highest: 1 });
});

only(["sr-highest-below-slot"], "the narrower of the two", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(2).send(2).ok([], { highest: 1 });
});

bad("sr-target-above-highest", "the server wishes for slots that it does not have", (wire) => {
  const session = wire.session({ slots: 4 });
  const call = session.slot(0).send(1);
  const reply = call.ok([], { highest: 3, target: 0xffff_ffff });
  session.slot(0).send(2).ok([], { highest: 3, target: 0xffff_ffff });
  return { severity: "note", fault: "server", frames: [call.frame, reply], slot: null, occurrences: 1 };
});

good("sr-target-above-highest", "equal, or lower", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1).ok([], { highest: 3, target: 3 });
  session.slot(0).send(2).ok([], { highest: 3, target: 1 });
});

bad("table-shrunk-without-notice", "a slot that the last reply still promised", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const call = session.slot(3).send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.fail(BADSLOT)],
    slot: 3,
    seq: 2,
  };
});

bad("table-shrunk-without-notice", "a slot that was granted, before any reply", (wire) => {
  const session = wire.session({ slots: 4 });
  const call = session.slot(3).send(1);
  return { frames: [call.frame, call.fail(BADSLOT)], slot: 3 };
});

good("table-shrunk-without-notice", "a reply had named fewer slots", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(3).send(2).fail(BADSLOT);
});

good(
  "table-shrunk-without-notice",
  "the server had asked for the slot by CB_RECALL_SLOT",
  (wire) => {
    const session = wire.session({ slots: 4, flags: 2 });
    useAll(session);
    const recall = op.step("CB_RECALL_SLOT", { rsa_target_highest_slotid: 1 });
    session.connection.callback([session.callbackSequence(0, 1), recall]).ok();
    session.slot(3).send(2).fail(BADSLOT);
  },
  { foreOnly: "only slots of the fore channel can be recalled" },
);

good("table-shrunk-without-notice", "a slot beyond the table", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(4).send(1).fail(BADSLOT);
});

good("table-shrunk-without-notice", "bytes are missing that may have told", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  session.slot(0).send(1).ok([], { highest: 1, lost: true });
  session.slot(1).exchange(2);
  session.slot(3).send(2).fail(BADSLOT);
});
