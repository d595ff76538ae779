import assert from "node:assert/strict"
import { test } from "node:test"

import { delay } from "#js/live-backoff.js"
import { Cursors, older } from "#js/live-cursors.js"
import { Inbox } from "#js/live-inbox.js"

test("waits grow to half a minute and differ by up to a quarter", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 99].map((n) => delay(n, () => 0.5)), [1000, 2000, 5000, 15000, 30000, 30000])
  assert.equal(delay(0, () => 0), 750)
  assert.equal(delay(0, () => 1), 1250)
})

test("topics with the same cursor are asked for together", () => {
  const cursors = new Cursors()
  cursors.want(["a", "b"], "e:1:1:")
  cursors.want(["c"], "e:2:2:")
  assert.deepEqual(cursors.wishes(), [
    { type: "subscribe", topics: ["a", "b"], cursor: "e:1:1:" },
    { type: "subscribe", topics: ["c"], cursor: "e:2:2:" },
  ])
  assert.deepEqual(cursors.wishes(), [])
})

test("the beat moves only topics that are ready", () => {
  const cursors = new Cursors()
  cursors.want(["a", "b"], "e:1:1:")
  cursors.wishes()
  cursors.ready(["a"], "e:2:2:")
  cursors.beat("e:3:3:")
  cursors.beat(null)
  cursors.lost()
  assert.deepEqual(cursors.wishes(), [
    { type: "subscribe", topics: ["a"], cursor: "e:3:3:" },
    { type: "subscribe", topics: ["b"], cursor: "e:1:1:" },
  ])
})

test("a later listener is told what it missed, though the topic is already heard", () => {
  const cursors = new Cursors()
  cursors.want(["a"], "e:1:1:")
  cursors.wishes()
  cursors.ready(["a"], "e:9:9:")
  cursors.want(["a"], "e:5:5:")
  assert.deepEqual(cursors.wishes(), [{ type: "subscribe", topics: ["a"], cursor: "e:5:5:" }])
})

test("an answer to the first of two questions does not settle the second", () => {
  const cursors = new Cursors()
  cursors.want(["a"], "e:5:5:")
  cursors.wishes()
  cursors.want(["a"], "e:3:3:")
  cursors.wishes()
  cursors.ready(["a"], "e:9:9:")
  cursors.lost()
  assert.deepEqual(cursors.wishes(), [{ type: "subscribe", topics: ["a"], cursor: "e:3:3:" }])
})

test("the older of two cursors has seen less", () => {
  assert.equal(older("e:9:10:", "e:10:11:"), "e:9:10:")
  assert.equal(older("e:9:11:", "e:10:11:"), "e:9:11:")
  assert.equal(older("e:9:12:9,10", "e:9:12:9"), "e:9:12:9,10")
  assert.equal(older(null, "e:1:1:"), "e:1:1:")
  assert.equal(older("e:18446744073709551614:18446744073709551615:", "e:9:9:"), "e:9:9:")
})

test("late, doubled and disordered messages never bring back an old state", () => {
  const inbox = new Inbox()
  const bring = (...messages) => messages.map((message) => inbox.put(message))
  bring(
    { kind: "report", code: "A", version: 2 },
    { kind: "report", code: "B", version: 1 },
    { kind: "report", code: "A", version: 1 },
    { kind: "report", code: "A", version: 3 },
  )
  assert.deepEqual(inbox.take().map(({ code, version }) => [code, version]), [["B", 1], ["A", 3]])
  assert.deepEqual(bring({ kind: "report", code: "A", version: 2 }), [false])
  assert.deepEqual(bring({ kind: "gone", code: "A", version: 4 }), [true])
  assert.deepEqual(bring({ kind: "report", code: "A", version: 3 }), [false])
  assert.deepEqual(inbox.take(), [{ kind: "gone", code: "A", version: 4 }])
})

test("a doorbell and a postcard of the same version are both heard", () => {
  const inbox = new Inbox()
  inbox.put({ kind: "bell", code: "A", version: 2 })
  inbox.put({ kind: "report", code: "A", version: 2 })
  assert.equal(inbox.take().length, 2)
})

test("the same version again is handed over again: the first may have been in vain", () => {
  const inbox = new Inbox()
  inbox.put({ kind: "bell", code: "A", version: 2 })
  inbox.take()
  inbox.put({ kind: "bell", code: "A", version: 2 })
  assert.equal(inbox.take().length, 1)
})
