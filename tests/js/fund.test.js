import assert from "node:assert/strict"
import test from "node:test"

import { rank } from "#js/fund/kind-picker.js"

const option = (text, words = "") => ({ text, dataset: { words } })
const KINDS = [
  option("Schlüssel", "schlüsselbund autoschlüssel"),
  option("Geldbörse", "portemonnaie brieftasche"),
  option("Tasche", "beutel"),
  option("Handtasche", "tasche clutch"),
  option("Ausweis, Führerschein", "perso"),
]
const names = (typed) => rank(KINDS, typed).map(({ text }) => text)

test("a kind is found by its name, by a word of it and by everyday words", () => {
  assert.deepEqual(names("geld"), ["Geldbörse"])
  assert.deepEqual(names("Portem"), ["Geldbörse"])
  assert.deepEqual(names("führ"), ["Ausweis, Führerschein"])
  assert.deepEqual(names("Tasche"), ["Tasche", "Handtasche", "Geldbörse"])
})

test("nothing typed offers everything, nonsense nothing", () => {
  assert.equal(names("").length, KINDS.length)
  assert.deepEqual(names("xyz"), [])
})
