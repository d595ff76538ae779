// When a session's end is told, without a browser.

import assert from "node:assert/strict"
import { test } from "node:test"

import { minutes, plan, WARN_S } from "#js/staff/session-clock.js"

test("nothing is said until two minutes before the end", () => {
  assert.deepEqual(plan(600), { state: "quiet", again: 480 })
  assert.equal(plan(WARN_S + 1).state, "quiet")
  assert.equal(plan(WARN_S + 1).again, 1)
  assert.equal(plan(WARN_S).state, "warn")
})

test("a long session is looked at once an hour, for timers that stood still", () => {
  assert.equal(plan(36_000).again, 3600)
})

test("while it warns it looks often enough to be exact, and stops at the end", () => {
  assert.equal(plan(100).again, 15)
  assert.equal(plan(4).again, 4)
  assert.deepEqual(plan(0), { state: "over", again: null })
  assert.equal(plan(-5).state, "over")
})

test("minutes are whole and never none", () => {
  assert.deepEqual([120, 61, 60, 1].map(minutes), [2, 2, 1, 1])
})
