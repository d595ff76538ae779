import assert from "node:assert/strict"
import test from "node:test"

import { held, hold } from "#js/report/held.js"

const shelf = () => {
  const kept = new Map()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  }
}

test("a device remembers its voice of one report until it is taken back", () => {
  const storage = shelf()
  assert.equal(held("7K3F9QMX", storage), null)
  assert.equal(hold("7K3F9QMX", { id: "a" }, storage), true)
  assert.deepEqual(held("7K3F9QMX", storage), { id: "a" })
  assert.equal(held("5TKJJFYW", storage), null)
  hold("7K3F9QMX", null, storage)
  assert.equal(held("7K3F9QMX", storage), null)
})

test("a device that keeps nothing says so, and nonsense is no voice", () => {
  const full = { getItem: () => "{", setItem: () => { throw new Error("full") } }
  assert.equal(hold("7K3F9QMX", { id: "a" }, full), false)
  assert.equal(held("7K3F9QMX", full), null)
})
