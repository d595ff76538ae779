// The desk's filter words and its lasso: what is pure of them.

import assert from "node:assert/strict"
import { test } from "node:test"

import { completed, pieceAt, suggestions, withBox } from "#js/staff/filter-words.js"
import { isInside } from "#js/staff/lasso.js"
import { ageInWords } from "#js/staff/ages.js"

const KEYS = [
  { key: "status", label: "Status", also: ["state"], values: [["offen", "alle offenen"], ["neu", "Eingegangen"]] },
  { key: "kategorie", label: "Kategorie", also: ["kat"], values: [["wilder müll", "Wilder Müll"], ["laterne", "Straßenlaterne"]] },
]
const words = (typed) => suggestions(KEYS, typed).map((line) => line.insert)

test("the piece under the cursor begins behind the last space that no quote holds", () => {
  assert.deepEqual(pieceAt("ampel stat", 10), { start: 6, typed: "stat" })
  assert.deepEqual(pieceAt('kategorie:"wilder m', 19), { start: 0, typed: 'kategorie:"wilder m' })
  assert.deepEqual(pieceAt("-sta", 4), { start: 1, typed: "sta" })
})

test("keys are offered by any of their words, values by word and name", () => {
  assert.deepEqual(words("ka"), ["kategorie:"])
  assert.deepEqual(words("kat:STRASSEN"), ["kategorie:laterne "])
  assert.deepEqual(words("status:neu,off"), ["status:neu,offen "])
  assert.deepEqual(words("kategorie:wil"), ['kategorie:"wilder müll" '])
  assert.deepEqual(words("farbe:"), [])
  assert.deepEqual(words(""), [])
})

test("what is chosen takes the place of what was typed, and nothing else", () => {
  const text = "ampel stat lindenweg"
  assert.deepEqual(completed(text, 10, pieceAt(text, 10), "status:"), { text: "ampel status: lindenweg", cursor: 13 })
})

test("the map's part is asked for once, and its page begins at the front", () => {
  const first = withBox("ansicht=alle&q=status%3Aoffen&nach=x", [8, 49, 9, 50])
  assert.equal(new URLSearchParams(first).get("q"), "status:offen karte:8.00000,49.00000,9.00000,50.00000")
  assert.equal(new URLSearchParams(first).has("nach"), false)
  assert.equal(withBox(first, null), "ansicht=alle&q=status%3Aoffen")
})

test("a point is inside the line that was drawn round it, notches and all", () => {
  const notched = [[0, 0], [10, 0], [10, 10], [5, 2], [0, 10]].map(([x, y]) => ({ x, y }))
  assert.ok(isInside({ x: 1, y: 5 }, notched))
  assert.ok(!isInside({ x: 5, y: 8 }, notched))
  assert.ok(!isInside({ x: 11, y: 1 }, notched))
})

test("an age goes on by the minute, then by the hour, and leaves days to midnight", () => {
  const words = { age_now: "gerade eben", age_minutes: "vor {n} Min.", age_hours: "vor {n} Std." }
  const said = [0, 1, 59, 60, 119, 1439, 1440].map((minutes) => ageInWords(minutes, words))
  assert.deepEqual(said, ["gerade eben", "vor 1 Min.", "vor 59 Min.", "vor 1 Std.", "vor 1 Std.", "vor 23 Std.", ""])
})
