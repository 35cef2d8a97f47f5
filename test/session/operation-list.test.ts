import { describe, expect, test } from "vitest";
import {
  OP_CREATE_SESSION,
  OP_GETATTR,
  OP_OPEN,
  OP_PUTFH,
  OP_READ,
  OP_READDIR,
  OP_REMOVE,
  OP_SEQUENCE,
  OP_WRITE,
} from "../../src/nfs4/constants.ts";
import { OperationList, OperationLists } from "../../src/session/operation-list.ts";

describe("what a list tells", () => {
  test.each([
    [[OP_SEQUENCE], { isLoneSequence: true, isSequenced: true, isReadOnly: false, misplacedSequence: -1 }],
    [[OP_SEQUENCE, OP_PUTFH, OP_GETATTR], { isLoneSequence: false, isReadOnly: true, hasGetattr: true }],
    [[OP_SEQUENCE, OP_PUTFH, OP_GETATTR], { mayNeedCaching: false, mayWasteCaching: true }],
    [[OP_SEQUENCE, OP_PUTFH, OP_WRITE], { isReadOnly: false, isNonIdempotent: false }],
    [[OP_SEQUENCE, OP_PUTFH, OP_WRITE], { mayNeedCaching: false, mayWasteCaching: false }],
    [[OP_SEQUENCE, OP_PUTFH, OP_REMOVE], { isReadOnly: false, isNonIdempotent: true, mayNeedCaching: true }],
    [[OP_SEQUENCE, OP_PUTFH, OP_OPEN], { hasOpen: true, isNonIdempotent: false, isReadOnly: false }],
    [[OP_SEQUENCE, OP_PUTFH, OP_OPEN], { mayNeedCaching: true, mayWasteCaching: false }],
    [[OP_SEQUENCE, OP_READDIR, OP_PUTFH, OP_READ], { bulkReads: [1, 3], mayWasteCaching: true }],
    [[OP_PUTFH, OP_SEQUENCE], { isSequenced: false, misplacedSequence: 1 }],
    [[OP_SEQUENCE, OP_SEQUENCE], { isSequenced: true, misplacedSequence: 1 }],
    [[OP_CREATE_SESSION], { isSequenced: false, hasSessionOperation: true }],
    [[], { isSequenced: false, isLoneSequence: false, isReadOnly: false, bulkReads: [] }],
  ])("%j", (numbers, expected) => {
    expect(new OperationList(numbers)).toMatchObject(expected);
  });

  test.each([
    [[], true],
    [[OP_SEQUENCE], true],
    [[OP_SEQUENCE, OP_PUTFH], true],
    [[OP_SEQUENCE, OP_GETATTR], false],
    [[OP_SEQUENCE, OP_PUTFH, OP_GETATTR], false],
  ])("%j as a reply to SEQUENCE PUTFH: %s", (numbers, expected) => {
    const call = new OperationList([OP_SEQUENCE, OP_PUTFH]);
    expect(new OperationList(numbers).isPrefixOf(call)).toBe(expected);
  });
});

describe("lists are shared", () => {
  test("by all compounds with the same operations", () => {
    const lists = new OperationLists();
    const first = lists.of([OP_SEQUENCE, OP_PUTFH, OP_GETATTR], 2);
    expect(lists.of(Uint32Array.of(OP_SEQUENCE, OP_PUTFH), 2)).toBe(first);
    expect(lists.of([OP_SEQUENCE, OP_PUTFH], 1)).not.toBe(first);
    expect(first.numbers).toEqual([OP_SEQUENCE, OP_PUTFH]);
  });

  test("but for those whose hash is taken", () => {
    const lists = new OperationLists();
    // 31 a + b is the same for both.
    const first = lists.of([1, 31], 2);
    const second = lists.of([2, 0], 2);
    expect(second.numbers).toEqual([2, 0]);
    expect(lists.of([1, 31], 2)).toBe(first);
    expect(lists.unshared).toBe(1);
  });

  test("up to a bound", () => {
    const lists = new OperationLists();
    for (let number = 0; number < 5000; number++) lists.of([number], 1);
    expect(lists.limits()).toEqual([{ name: "operation lists", bound: 4096, dropped: 904 }]);
    expect(lists.of([4999], 1).numbers).toEqual([4999]);
  });
});
