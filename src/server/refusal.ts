import { statusName } from "../nfs4/constants.ts";

/** An operation that ends with an error status. Thrown by handlers, answered by the executor. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(statusName(status));
    this.name = "Refusal";
    this.status = status;
  }
}

/** Ends the operation with this status. */
export function refuse(status: number): never {
  throw new Refusal(status);
}
