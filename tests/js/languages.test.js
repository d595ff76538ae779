import assert from "node:assert/strict"
import test from "node:test"

import { sameIn } from "#js/languages.js"

const here = "/bensheim/en/"
const there = "/bensheim/"

test("the language changes and nothing else of the address", () => {
  const place = { pathname: "/bensheim/en/melden/T0k/ort", search: "?q=1", hash: "#was" }
  assert.equal(sameIn(place, { here, there }), "/bensheim/melden/T0k/ort?q=1#was")
  assert.equal(sameIn({ pathname: "/", search: "?bbox=8,49,9,50", hash: "" }, { here: "/", there: "/en/" }), "/en/?bbox=8,49,9,50")
})

test("no address leads to another host", () => {
  assert.equal(sameIn({ pathname: "/en//evil.example", search: "", hash: "" }, { here: "/en/", there: "/" }), "/evil.example")
})
