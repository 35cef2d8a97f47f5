/** An xid as capture tools print it: `0x0000002a`. */
export function xidText(xid: number): string {
  return `0x${(xid >>> 0).toString(16).padStart(8, "0")}`;
}
