import assert from "node:assert/strict"
import test from "node:test"

import { bodyOf } from "#js/report/exchange.js"
import { fit } from "#js/report/shrink.js"
import { addressOf, beside, stepIn, stepOf } from "#js/report/steps.js"
import { newId, sentenceOf } from "#js/report/upload.js"
import { fold, matches } from "#js/report/words.js"

const STEPS = ["foto", "ort", "was", "schon", "kontakt", "pruefen"]

test("an address names its step by its end, anything else the first", () => {
  assert.equal(stepOf({ pathname: "/bensheim/melden/abc/was" }, STEPS), "was")
  assert.equal(stepOf({ pathname: "/melden", hash: "#ort" }, STEPS), "ort")
  assert.equal(stepOf({ pathname: "/melden/abc/ort", hash: "#was" }, STEPS), "was")
  assert.equal(stepOf({ pathname: "/melden", hash: "#email" }, STEPS), "foto")
})

test("a step that has nothing to ask is left out, both ways", () => {
  const isLeftOut = (step) => step === "schon"
  assert.equal(beside("was", 1, STEPS), "schon")
  assert.equal(beside("was", 1, STEPS, isLeftOut), "kontakt")
  assert.equal(beside("kontakt", -1, STEPS, isLeftOut), "was")
  assert.equal(beside("pruefen", 1, STEPS), null)
  assert.equal(beside("foto", -1, STEPS), null)
})

test("the server's answer leads to a step, kept or not", () => {
  assert.equal(stepIn("/melden/abc/kontakt", STEPS), "kontakt")
  assert.equal(stepIn("#was", STEPS), "was")
  assert.equal(stepIn("/melden", STEPS), null)
})

test("the steps of a kept form lie beside each other", () => {
  assert.equal(addressOf("was", "/bensheim/melden/abc/ort", STEPS), "/bensheim/melden/abc/was")
  assert.equal(addressOf("was", "/melden", STEPS), "")
})

test("a category is found by everyday words, with or without umlauts", () => {
  const lamp = "Straßenlaterne defekt Lampe Licht Beleuchtung dunkel"
  assert.ok(matches(lamp, "lampe"))
  assert.ok(matches(lamp, "LATERNE defekt"))
  assert.ok(matches("Müll und Sauberkeit", "muell"))
  assert.ok(matches("Müll und Sauberkeit", "mull"))
  assert.ok(matches(lamp, "strasse"))
  assert.ok(!matches(lamp, "baum"))
})

test("folding leaves letters only as one types them in a hurry", () => {
  assert.equal(fold("Größe"), "grosse")
  assert.equal(fold("GROESSE"), "grosse")
})

test("a photo is made smaller, never larger, and keeps its shape", () => {
  assert.deepEqual(fit(4000, 3000), { width: 1600, height: 1200 })
  assert.deepEqual(fit(3000, 4000), { width: 1200, height: 1600 })
  assert.deepEqual(fit(800, 600), { width: 800, height: 600 })
  assert.deepEqual(fit(100000, 1), { width: 1600, height: 1 })
})

test("the server's sentence about a photo is shown, and nothing else", () => {
  assert.equal(sentenceOf('{"photo": ["Zu groß."]}'), "Zu groß.")
  assert.equal(sentenceOf('{"errors": {"photo": ["Zu groß."]}}'), "Zu groß.")
  assert.equal(sentenceOf('{"detail": "Andere Nummer."}'), "Andere Nummer.")
  assert.equal(sentenceOf("<html>502</html>"), "")
  assert.equal(sentenceOf("null"), "")
})

test("every photo gets an id of its own", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  assert.match(newId(), uuid)
  assert.notEqual(newId(), newId())
})

test("photos that could not be sent ahead go along with their ids", () => {
  const data = new FormData()
  data.set("photo", new Blob(["plain input"]))
  data.set("spot", "8,49")
  const body = bodyOf(data, {
    action: "send",
    more: { spot: "8.6,49.6" },
    uploads: [{ id: "one", blob: new Blob(["1"]) }, { id: "two", blob: new Blob(["2"]) }],
  })
  assert.equal(body.get("action"), "send")
  assert.equal(body.get("spot"), "8.6,49.6")
  assert.deepEqual(body.getAll("photo_id"), ["one", "two"])
  assert.equal(body.getAll("photo").length, 2)
})
