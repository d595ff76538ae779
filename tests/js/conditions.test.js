import assert from "node:assert/strict"
import test from "node:test"

import { holds } from "#js/report/conditions.js"

const given = new Map([
  ["colour", ["blue"]],
  ["what", ["a", "b"]],
])

test("a condition holds when each of its questions got one of its answers", () => {
  assert.ok(holds({}, given))
  assert.ok(holds({ colour: ["red", "blue"] }, given))
  assert.ok(holds({ colour: ["blue"], what: ["b", "c"] }, given))
  assert.ok(!holds({ colour: ["blue"], what: ["c"] }, given))
  assert.ok(!holds({ dark: ["yes"] }, given))
})
