import assert from "node:assert/strict"
import test from "node:test"

import { changed, queryOf } from "#js/home/address.js"
import { Book, fits } from "#js/map/book.js"
import { around, grown, holds, nameOf, tileOf, tilesIn, written } from "#js/map/box.js"
import { gather } from "#js/map/gather.js"
import { arranged } from "#js/map/names.js"
import { parts, ringSize } from "#js/map/pins.js"
import { Tiles } from "#js/map/tiles.js"
import { Announcer } from "#js/parts/announcer.js"

const BENSHEIM = [8.6206, 49.6811]
const card = (changes) => ({ kind: "report", code: "7K3F9QMX", version: 1, status: "new", group: "wege", at: BENSHEIM, ...changes })

test("Bensheim lies in the tile that the server names", () => {
  assert.equal(nameOf(tileOf(BENSHEIM, 12)), "12/2146/1394")
})

test("a box names every tile it touches, row by row", () => {
  const names = tilesIn([8.6, 49.6, 8.7, 49.7], 11).map(nameOf)
  assert.deepEqual(names, ["11/1072/697", "11/1073/697", "11/1072/698", "11/1073/698"])
})

test("positions off the globe still have a tile", () => {
  assert.deepEqual(tileOf([181, 95], 2), { z: 2, x: 3, y: 0 })
})

test("boxes grow, hold and are written with metres", () => {
  const box = around([[8.5, 49.5], [8.7, 49.9]])
  assert.deepEqual(box, [8.5, 49.5, 8.7, 49.9])
  assert.ok(holds(box, BENSHEIM))
  assert.ok(!holds(box, [8.71, 49.6]))
  assert.equal(written(grown([0, 0, 1, 1], 0.5)), "-0.50000,-0.50000,1.50000,1.50000")
  assert.equal(around([]), null)
})

test("the newest version of a report wins, whatever the order", () => {
  const book = new Book()
  assert.equal(book.take(card({ version: 2, status: "done" })), "new")
  assert.equal(book.take(card({ version: 1 })), "same")
  assert.equal(book.take(card({ version: 3, status: "new" })), "changed")
  assert.equal(book.get("7K3F9QMX").version, 3)
})

test("what is gone stays gone until something newer comes", () => {
  const book = new Book()
  book.take(card({ version: 2 }))
  assert.equal(book.drop({ code: "7K3F9QMX", version: 3 }), true)
  assert.equal(book.take(card({ version: 3 })), "same")
  assert.equal(book.get("7K3F9QMX"), undefined)
  assert.equal(book.take(card({ version: 4 })), "new")
})

test("a late word of departure does not remove a newer report", () => {
  const book = new Book()
  book.take(card({ version: 5 }))
  assert.equal(book.drop({ code: "7K3F9QMX", version: 4 }), false)
  assert.equal(book.get("7K3F9QMX").version, 5)
})

test("filters of the address decide about live reports too", () => {
  assert.ok(fits(card()))
  assert.ok(!fits(card({ status: "duplicate" })))
  assert.ok(!fits(card(), { group: "licht" }))
  assert.ok(!fits(card({ status: "done" }), { status: "open" }))
  assert.ok(fits(card({ status: "done" }), { status: "done,forwarded" }))
  assert.ok(fits(card({ status: "duplicate" }), { status: "all" }))
  const lorsch = card({ municipality: "06431015" })
  assert.ok(fits(lorsch, { keys: [] }))
  assert.ok(fits(lorsch, { keys: ["06431002", "06431015"] }))
  assert.ok(!fits(lorsch, { keys: ["06431002"] }))
})

test("marks closer than a finger become one ring that knows its members", () => {
  const marks = [0, 10, 300].map((x, index) => ({ at: [x, 0], n: 1, by: { new: 1 }, card: card({ code: `C${index}` }) }))
  const heaps = gather(marks, ([x, y]) => ({ x, y }), 46)
  assert.equal(heaps.length, 2)
  const ring = heaps.find(({ members }) => members)
  assert.equal(ring.n, 2)
  assert.deepEqual(ring.by, { new: 2 })
  assert.deepEqual(ring.members.map(({ card: { code } }) => code), ["C0", "C1"])
})

test("no two rings stand closer than the gap, and none is lost", () => {
  const marks = Array.from({ length: 200 }, (_, i) => ({ at: [(i * 37) % 400, (i * 53) % 400], n: 1, by: { done: 1 }, card: card({ code: `C${i}` }) }))
  const heaps = gather(marks, ([x, y]) => ({ x, y }), 56)
  assert.equal(heaps.reduce((sum, { n }) => sum + n, 0), 200)
  for (const [i, a] of heaps.entries()) {
    for (const b of heaps.slice(i + 1)) assert.ok(Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1]) >= 56)
  }
})

test("a ring's parts fill it in the order of the work", () => {
  const arcs = parts({ done: 1, new: 3, on_hold: 0 }, 100)
  assert.deepEqual(arcs.map(({ status }) => status), ["new", "done"])
  assert.deepEqual(arcs.map(({ length }) => length), [73, 23])
  assert.deepEqual(parts({ new: 4 }, 100), [{ status: "new", start: 0, length: 100 }])
  assert.ok(ringSize(2) >= 44)
})

test("names make room for marks and for each other, or step back", () => {
  const mark = { x: 0, y: 0, half: 22, up: 22 }
  assert.deepEqual(arranged([{ x: 0, y: 0, half: 30 }], [mark]), [1])
  assert.deepEqual(arranged([{ x: 200, y: 0, half: 30 }, { x: 210, y: 0, half: 30 }], []), [0, 1])
  const crowd = Array.from({ length: 4 }, () => ({ x: 0, y: 0, half: 30 }))
  assert.deepEqual(arranged(crowd, []), [0, 1, -1, null])
})

test("the address keeps the view, and what is empty is left out", () => {
  const address = changed("https://x.example/?after=1_A&group=licht", { at: [8.6, 49.7], zoom: 14.5, group: "" })
  assert.equal(address, "https://x.example/?lon=8.60000&lat=49.70000&z=14.5")
  assert.equal(queryOf({ group: "licht", status: "" }), "group=licht")
})

test("one sentence in ten seconds, summed up", () => {
  const region = { textContent: "", dataset: { one: "{n} neue Meldung", many: "{n} neue Meldungen" } }
  let now = 0
  const waits = []
  const announcer = new Announcer(region, { now: () => now, wait: (action, ms) => waits.push({ action, ms }) })
  announcer.count("A")
  waits.shift().action()
  assert.equal(region.textContent, "1 neue Meldung")
  now = 4000
  announcer.count("B")
  announcer.count("C")
  announcer.count("C")
  assert.equal(waits.length, 1)
  assert.equal(waits[0].ms, 6000)
  waits.shift().action()
  assert.equal(region.textContent, "2 neue Meldungen")
})

test("tiles that fail are counted, those that come are kept", async (t) => {
  t.mock.method(globalThis, "fetch", async (address) => {
    if (address.includes("/1/")) throw new TypeError("offline")
    return { ok: true, json: async () => ({ clusters: [], reports: [], address }) }
  })
  const tiles = new Tiles("/api/v1/map/0/0/0/")
  const wanted = [{ z: 9, x: 1, y: 2 }, { z: 9, x: 3, y: 2 }]
  let drawn = 0
  assert.equal(await tiles.read(wanted, "group=licht", () => { drawn += 1 }), 1)
  assert.equal(drawn, 1)
  assert.deepEqual(tiles.known(wanted, "group=licht").map(({ address }) => address), ["/api/v1/map/9/3/2/?group=licht"])
  assert.deepEqual(tiles.known(wanted, ""), [])
})
