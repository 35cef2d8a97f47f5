import type { Session } from "../../support/scenario.ts";
import { op, type Step } from "../../support/scenario-operations.ts";
import type { SendOptions } from "../../support/scenario-options.ts";

export const FLAG = {
  pathDown: 0x1,
  gssExpiring: 0x2,
  gssExpired: 0x4,
  allRevoked: 0x8,
  someRevoked: 0x10,
  adminRevoked: 0x20,
  recallableRevoked: 0x40,
  leaseMoved: 0x80,
  reclaimNeeded: 0x100,
  pathDownSession: 0x200,
  backchannelFault: 0x400,
  devidChanged: 0x800,
  devidDeleted: 0x1000,
} as const;

export const CONN_BACK_CHAN = 2;

/** A client that asks one thing after another on slot 0 and gets flags with the answers. */
export class Talk {
  readonly session: Session;
  #seq: number;

  constructor(session: Session, seq = 1) {
    this.session = session;
    this.#seq = seq;
  }

  /** The frame of the reply, which has these flags. */
  once(flags: number, steps?: readonly Step[], options?: SendOptions): number {
    return this.session
      .slot(0)
      .send(this.#seq++, steps, options)
      .ok([], { flags });
  }

  /** Every `pause` seconds for `total` seconds; the frames of the replies. */
  during(
    total: number,
    flags: number,
    { pause = 10, steps }: { pause?: number; steps?: readonly Step[] } = {},
  ): number[] {
    const frames = [this.once(flags, steps)];
    for (let passed = 0; passed < total; passed += pause) {
      this.session.connection.scenario.wait(pause);
      frames.push(this.once(flags, steps));
    }
    return frames;
  }

  /** The server calls back; the frame of the call. */
  callback(seq: number): ReturnType<Session["connection"]["callback"]> {
    return this.session.connection.callback([this.session.callbackSequence(0, seq)]);
  }
}

export const steps = {
  testStateid: op.step("TEST_STATEID", { ts_stateids: [] }, { tsr_resok4: { tsr_status_codes: [] } }),
  backchannelCtl: op.step("BACKCHANNEL_CTL", { bca_cb_program: 0x4000_0000, bca_sec_parms: [] }),
  locations: op.step(
    "GETATTR",
    { attr_request: [1 << 24] },
    { resok4: { obj_attributes: { attrmask: [], attr_vals: new Uint8Array(0) } } },
  ),
  deviceInfo: op.step(
    "GETDEVICEINFO",
    { gdia_device_id: new Uint8Array(16), gdia_layout_type: 1, gdia_maxcount: 4096, gdia_notify_types: [] },
    {
      gdir_resok4: { gdir_device_addr: { da_layout_type: 1, da_addr_body: new Uint8Array(0) }, gdir_notification: [] },
    },
  ),
  reclaimOneFs: op.step("RECLAIM_COMPLETE", { rca_one_fs: true }),
};
