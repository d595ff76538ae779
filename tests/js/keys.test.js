import assert from "node:assert/strict"
import { test } from "node:test"

import { Presses, sign } from "#js/staff/keys-presses.js"
import { code, fold, ranked } from "#js/staff/keys-search.js"

const pressed = (key, more = {}) => ({ key, timeStamp: 0, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more })

test("the sign counts, not where the key is", () => {
  assert.equal(sign(pressed("z")), "z")
  assert.equal(sign(pressed("/", { shiftKey: true })), "/") // Shift + 7 on a German keyboard
  assert.equal(sign(pressed("?", { shiftKey: true })), "?")
  assert.equal(sign(pressed("J", { shiftKey: true })), "J")
})

test("Caps Lock changes nothing", () => {
  assert.equal(sign(pressed("J")), "j")
  assert.equal(sign(pressed("j", { shiftKey: true })), "J")
})

test("with a modifier, AltGr, half an accent or in the middle of one no key is ours", () => {
  for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { ctrlKey: true, altKey: true }, { isComposing: true }]) {
    assert.equal(sign(pressed("n", more)), "")
  }
  for (const key of ["Dead", "Shift", "Enter", "ArrowDown", " "]) assert.equal(sign(pressed(key)), "")
})

test("two keys one after the other are one command, if not too slow", () => {
  const presses = new Presses({ next: "j", "go-inbox": "g e", edit: "e" })
  assert.equal(presses.press(pressed("g")), null)
  assert.equal(presses.press(pressed("e", { timeStamp: 500 })), "go-inbox")
  presses.press(pressed("g", { timeStamp: 1000 }))
  assert.equal(presses.press(pressed("e", { timeStamp: 9000 })), "edit")
  presses.press(pressed("g", { timeStamp: 10_000 }))
  assert.equal(presses.press(pressed("j", { timeStamp: 10_100 })), "next")
  assert.equal(presses.press(pressed("q", { timeStamp: 10_200 })), null)
})

test("names are found however their umlauts are typed", () => {
  const items = ["Müll abholen", "Straße", "Zurückgestellt", "Weiterleiten"].map((words) => ({ words }))
  const found = (typed) => ranked(items, typed).map(({ words }) => words)
  assert.deepEqual(found("mull"), ["Müll abholen"])
  assert.deepEqual(found("muell"), ["Müll abholen"])
  assert.deepEqual(found("STRASSE"), ["Straße"])
  assert.deepEqual(found("abh mü"), ["Müll abholen"])
  assert.equal(found("").length, 4)
  assert.deepEqual(found("xyz"), [])
  assert.equal(fold("Größe"), "grosse")
})

test("what begins with the typed letters comes first", () => {
  const items = ["Mir zuweisen", "Zuweisen", "Anzunehmen"].map((words) => ({ words }))
  assert.deepEqual(ranked(items, "zu").map(({ words }) => words), ["Zuweisen", "Mir zuweisen", "Anzunehmen"])
})

test("the number of a report is known in any dress", () => {
  assert.equal(code("7k3f-9qmx"), "7K3F9QMX")
  assert.equal(code("7K3F 9QMX"), "7K3F9QMX")
  assert.equal(code("lo3f9qmx"), "103F9QMX")
  assert.equal(code("Lindenweg"), "")
})
