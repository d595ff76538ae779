import assert from "node:assert/strict"
import { test } from "node:test"

import { euros, worth } from "#js/staff/coin-pile.js"
import { ScanQueue } from "#js/staff/scan-queue.js"

test("scans are sent one after the other, however fast they come", async () => {
  const sent = []
  let running = 0
  let drained = 0
  const queue = new ScanQueue(
    async (scan) => {
      assert.equal((running += 1), 1)
      await Promise.resolve()
      sent.push(scan)
      running -= 1
    },
    () => (drained += 1),
  )
  const first = queue.put("a")
  queue.put("b")
  queue.put("c")
  assert.equal(queue.length, 3)
  await first
  assert.deepEqual(sent, ["a", "b", "c"])
  assert.equal(drained, 1)
  assert.equal(queue.length, 0)
})

test("a pile of notes and coins adds up to the cent", () => {
  const pile = [
    { cents: 5000, count: 2 },
    { cents: 1, count: 7 },
    { cents: 200, count: NaN },
    { cents: 100, count: -3 },
  ]
  assert.equal(worth(pile), 10007)
  assert.equal(euros(10007), "100,07")
})
