// The desk's rules of freshness, without a browser.

import assert from "node:assert/strict"
import { test } from "node:test"

import { Errands } from "#js/staff/errands.js"
import { Ledger } from "#js/staff/ledger.js"
import { isChanged } from "#js/staff/typed.js"

const row = (changes) => ({ code: "A", version: 2, belongs: true, isShown: false, ...changes })

test("a bell for what the page already shows is no news", () => {
  const ledger = new Ledger()
  ledger.shows("A", 3)

  assert.equal(ledger.isNews({ code: "A", version: 3 }), false)
  assert.equal(ledger.isNews({ code: "A", version: 4 }), true)
  assert.equal(ledger.isNews({ code: "B", version: 1 }), true)
})

test("a new report waits, so that the list does not jump under the reader", () => {
  const ledger = new Ledger()

  assert.equal(ledger.place(row()), "wait")
  assert.equal(ledger.waiting, 1)
  ledger.showAll()
  assert.equal(ledger.waiting, 0)
})

test("a changed report is patched where it stands, also when the list no longer wants it", () => {
  const ledger = new Ledger()
  ledger.shows("A", 1)

  assert.equal(ledger.place(row({ isShown: true, belongs: false })), "patch")
})

test("a report of another list is skipped", () => {
  assert.equal(new Ledger().place(row({ belongs: false })), "skip")
})

test("who waits and then leaves the list waits no more", () => {
  const ledger = new Ledger()
  ledger.place(row())

  assert.equal(ledger.place(row({ version: 3, belongs: false })), "skip")
  assert.equal(ledger.waiting, 0)
})

test("an older row that arrives late changes nothing", () => {
  const ledger = new Ledger()
  ledger.shows("A", 5)

  assert.equal(ledger.place(row({ version: 4, isShown: true })), "skip")
})

test("what is gone may come back", () => {
  const ledger = new Ledger()
  ledger.shows("A", 5)
  ledger.forget("A")

  assert.equal(ledger.isNews({ code: "A", version: 2 }), true)
})

test("two hundred bells for one report are two errands", async () => {
  let runs = 0
  const errands = new Errands(async () => {
    runs += 1
    await Promise.resolve()
  })

  for (let bell = 0; bell < 200; bell += 1) errands.ask("A")
  await errands.rest()

  assert.equal(runs, 2)
})

test("few errands run at once, and one that fails does not stop the others", async () => {
  let running = 0
  let most = 0
  const done = []
  const errands = new Errands(
    async (key) => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running -= 1
      if (key === "B") throw new Error("no network")
      done.push(key)
    },
    { most: 2 },
  )

  for (const key of ["A", "B", "C", "D"]) errands.ask(key)
  await errands.rest()

  assert.equal(most, 2)
  assert.deepEqual(done, ["A", "C", "D"])
})

test("a field counts as typed in when it differs from what the server sent", () => {
  assert.equal(isChanged({ type: "textarea", value: "neu", defaultValue: "" }), true)
  assert.equal(isChanged({ type: "radio", checked: true, defaultChecked: true }), false)
  const options = [{ selected: false, defaultSelected: true }, { selected: true, defaultSelected: false }]
  assert.equal(isChanged({ type: "select-one", options }), true)
})

test("a select of which the server selected nothing is as it was while it shows its first choice", () => {
  const select = (...chosen) => ({ options: chosen.map((selected) => ({ selected, defaultSelected: false })) })
  assert.equal(isChanged(select(true, false)), false)
  assert.equal(isChanged(select(false, true)), true)
  const given = { options: [{ selected: false, defaultSelected: false }, { selected: true, defaultSelected: true }] }
  assert.equal(isChanged(given), false)
})
