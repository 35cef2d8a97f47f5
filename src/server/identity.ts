/** How a server names itself in EXCHANGE_ID. The names outlive a restart. RFC 8881 §18.35.3 */
export interface ServerIdentity {
  /** so_major_id */
  readonly majorId: Uint8Array;
  /** eir_server_scope */
  readonly scope: Uint8Array;
}

/** nii_domain and nii_name of eir_server_impl_id. */
export const IMPLEMENTATION = { domain: "slotshark.invalid", name: "slotshark" } as const;

/** An identity that no other server has. `bytes` come from a random source. */
export function identityFrom(bytes: Uint8Array): ServerIdentity {
  const id = new TextEncoder().encode(
    `slotshark-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`,
  );
  return { majorId: id, scope: id };
}
