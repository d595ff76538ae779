import assert from "node:assert/strict"
import test from "node:test"

import { Courier } from "#js/offline/courier.js"
import { isBlank, toSend } from "#js/offline/fields.js"
import {
  fileAddresses,
  formOf,
  isAsset,
  isDay,
  isOfStaff,
  isPublic,
  isTileOfDay,
  nearestShelter,
  shelterOf,
  tileAddresses,
} from "#js/offline/keeping.js"
import { Memory } from "#js/offline/memory.js"
import { photoVerdictOf, sentencesOf, verdictOf, waitOf } from "#js/offline/verdict.js"

const NOW = Date.parse("2026-11-22T12:00:00Z")
const HOUR = 3_600_000
const RECEIPT = { code: "7K3F-9QMX", page: "/r/x", thanks: "/r/x/danke" }
const JSON_TYPE = "application/json"
const PROBLEM = "application/problem+json"

const sent = { status: 201, type: JSON_TYPE, wait: null, body: RECEIPT }
const nothing = { status: 0, type: "", wait: null, body: null }
const refusal = (errors, status = 422) => ({ status, type: PROBLEM, wait: null, body: { detail: "Nein.", errors } })

// ── What an answer means ─────────────────────────────────────────────────────────────────────
test("a number in the answer means that it has arrived, the second time as well", () => {
  assert.deepEqual(verdictOf(sent), { kind: "sent", receipt: RECEIPT })
  assert.equal(verdictOf({ ...sent, status: 200 }).kind, "sent")
})

test("what is no answer of ours leaves everything as it was", () => {
  for (const answer of [
    nothing,
    { status: 200, type: "text/html", wait: null, body: null }, // a hotel's sign-in page
    { status: 302, type: "text/html", wait: null, body: null },
    { status: 404, type: "text/html", wait: null, body: null }, // somebody else's server
    { status: 403, type: "text/html", wait: null, body: null }, // a filter on the way
    { status: 500, type: PROBLEM, wait: null, body: {} },
    { status: 502, type: "text/html", wait: null, body: null },
    { status: 201, type: JSON_TYPE, wait: null, body: {} },
  ]) {
    assert.equal(verdictOf(answer).kind, "lost", JSON.stringify(answer))
  }
})

test("who is told to wait waits that long", () => {
  assert.deepEqual(verdictOf({ status: 429, type: PROBLEM, wait: 90, body: {} }), { kind: "later", wait: 90 })
  assert.equal(verdictOf({ status: 503, type: "text/html", wait: 30, body: null }).wait, 30)
  assert.equal(verdictOf({ status: 429, type: PROBLEM, wait: null, body: {} }).wait, 30)
  assert.equal(waitOf("120", NOW), 120)
  assert.equal(waitOf("Sun, 22 Nov 2026 12:02:00 GMT", NOW), 120)
  assert.equal(waitOf(null, NOW), null)
  assert.equal(waitOf("soon", NOW), null)
})

test("a refusal says each sentence once", () => {
  const verdict = verdictOf(refusal({ category: ["Nicht hier."], spot: ["Nicht hier.", "Wo?"] }))
  assert.deepEqual(verdict, { kind: "refused", status: 422, sentences: ["Nicht hier.", "Wo?"] })
  assert.deepEqual(sentencesOf({ detail: "Nein." }), ["Nein."])
  assert.deepEqual(sentencesOf(null), [])
})

test("a photo that is there may be sent again", () => {
  const there = { status: 200, type: JSON_TYPE, wait: null, body: { id: "p1" } }
  assert.equal(photoVerdictOf(there).kind, "sent")
  assert.equal(photoVerdictOf(nothing).kind, "lost")
  assert.equal(photoVerdictOf(refusal({ photo: ["Kein Foto."] }, 400)).kind, "refused")
})

// ── The courier ──────────────────────────────────────────────────────────────────────────────
const report = (changes = {}) => ({
  id: "r1", state: "waiting", at: 1, fields: [["client_id", "r1"]], photos: [], title: "Schlagloch",
  door: "/melden/abgeben", photoDoor: "/api/v1/photos/", language: "de", ...changes,
})

/** A courier whose doors answer what the test says, one answer after the other. */
async function onTheWay({ reports, photos = new Map(), answers, photoAnswers = [], now = () => NOW }) {
  const shelf = new Memory()
  for (const each of reports) await shelf.put(each, photos)
  const knocks = []
  const post = {
    report: async (_url, { fields }) => knocks.push(fields) && answers.shift(),
    photo: async (_url, { id }) => knocks.push(id) && photoAnswers.shift(),
  }
  return { courier: new Courier({ shelf, post, now }), shelf, knocks }
}

test("photos go first, then the form that names them in their order", async () => {
  const there = { status: 201, type: JSON_TYPE, wait: null, body: { id: "p" } }
  const { courier, shelf, knocks } = await onTheWay({
    reports: [report({ photos: [{ id: "p1" }, { id: "p2" }] })],
    photos: new Map([["p1", new Blob(["1"])], ["p2", new Blob(["2"])]]),
    answers: [sent],
    photoAnswers: [there, there],
  })
  assert.deepEqual(await courier.round(), { isLost: false })
  assert.deepEqual(knocks, ["p1", "p2", [["client_id", "r1"], ["photos", "p1"], ["photos", "p2"]]])
  const kept = await shelf.get("r1")
  assert.equal(kept.state, "sent")
  assert.deepEqual(kept.receipt, RECEIPT)
  assert.deepEqual([kept.fields, kept.photos], [[], []])
  assert.equal(await shelf.photo("p1"), null)
})

test("a photo that lies ready is not sent again, one that lay too long is", async () => {
  const photos = [{ id: "p1", stagedAt: NOW - HOUR }, { id: "p2", stagedAt: NOW - 21 * HOUR }]
  const { courier, knocks } = await onTheWay({
    reports: [report({ photos })],
    photos: new Map([["p1", new Blob(["1"])], ["p2", new Blob(["2"])]]),
    answers: [sent],
    photoAnswers: [{ status: 200, type: JSON_TYPE, body: { id: "p2" } }],
  })
  await courier.round()
  assert.deepEqual(knocks.slice(0, -1), ["p2"])
})

test("photos that the server has forgotten are sent anew, once", async () => {
  const there = { status: 201, type: JSON_TYPE, body: { id: "p1" } }
  const gone = refusal({ photos: ["Ein Foto ist nicht angekommen."] })
  const begin = () =>
    onTheWay({
      reports: [report({ photos: [{ id: "p1", stagedAt: NOW }] })],
      photos: new Map([["p1", new Blob(["1"])]]),
      answers: [gone, sent],
      photoAnswers: [there],
    })
  const first = await begin()
  await first.courier.round()
  assert.equal((await first.shelf.get("r1")).state, "sent")
  const second = await onTheWay({ reports: [report()], answers: [gone, gone, gone] })
  await second.courier.round()
  assert.equal((await second.shelf.get("r1")).state, "refused")
  assert.equal(second.knocks.length, 2)
})

test("without a network the rest need not be tried, and nothing changes", async () => {
  const { courier, shelf, knocks } = await onTheWay({
    reports: [report(), report({ id: "r2", at: 2 })],
    answers: [nothing, sent],
  })
  assert.deepEqual(await courier.round(), { isLost: true })
  assert.equal(knocks.length, 1)
  assert.deepEqual((await shelf.all()).map(({ state }) => state), ["waiting", "waiting"])
})

test("what must wait is left alone until its time; the others go", async () => {
  let now = NOW
  const { courier, shelf, knocks } = await onTheWay({
    reports: [report(), report({ id: "r2", at: 2 })],
    answers: [{ status: 429, type: PROBLEM, wait: 60, body: {} }, sent, sent],
    now: () => now,
  })
  await courier.round()
  assert.deepEqual((await shelf.all()).map(({ state }) => state), ["waiting", "sent"])
  now += 59_000
  await courier.round()
  assert.equal(knocks.length, 2)
  now += 2000
  await courier.round()
  assert.equal((await shelf.get("r1")).state, "sent")
})

test("a refused report keeps everything, with the reason", async () => {
  const fields = [["client_id", "r1"], ["description", "Tiefes Loch"]]
  const { courier, shelf } = await onTheWay({
    reports: [report({ fields })],
    answers: [refusal({ category: ["Bensheim nimmt so etwas nicht an."] })],
  })
  await courier.round()
  const kept = await shelf.get("r1")
  assert.equal(kept.state, "refused")
  assert.deepEqual(kept.fields, fields)
  assert.deepEqual(kept.sentences, ["Bensheim nimmt so etwas nicht an."])
})

test("what was thrown away while it was on its way is told as sent if it arrived", async () => {
  const { courier, shelf } = await onTheWay({ reports: [report()], answers: [] })
  const slow = new Courier({
    shelf,
    now: () => NOW,
    post: { report: async () => (await shelf.change("r1", () => ({ state: "discarded" }))) ?? sent },
  })
  await slow.round()
  assert.equal((await shelf.get("r1")).state, "sent")
  assert.equal((await courier.deliver("r1")).kind, "none")
})

// ── What the service worker keeps ────────────────────────────────────────────────────────────
test("each page of the form has a kept one of its town and language", () => {
  assert.equal(formOf("/melden"), "/melden/ohne-netz")
  assert.equal(formOf("/bensheim/en/melden/aBc/ort"), "/bensheim/en/melden/ohne-netz")
  assert.equal(formOf("/meldung/7K3F-9QMX"), null)
  assert.equal(formOf("/"), null)
  assert.equal(shelterOf("/bensheim/melden/ohne-netz"), "/bensheim/ohne-netz")
})

test("a page that can't be had is stood in for by its own town's", () => {
  const kept = ["/melden/ohne-netz", "/ohne-netz", "/bensheim/melden/ohne-netz", "/bensheim/ohne-netz", "/static/a.js"]
  assert.equal(nearestShelter(kept, "/bensheim/meldung/X"), "/bensheim/ohne-netz")
  assert.equal(nearestShelter(kept, "/meldung/X"), "/ohne-netz")
  assert.equal(nearestShelter(["/bensheim/ohne-netz"], "/"), "/bensheim/ohne-netz")
  assert.equal(nearestShelter([], "/"), null)
})

test("staff pages and the API are none of its business", () => {
  for (const path of ["/amt", "/amt/meldung/X", "/bensheim/amt", "/en/amt", "/verwaltung/django/", "/api/v1/reports/"]) {
    assert.ok(isOfStaff(path), path)
  }
  for (const path of ["/", "/melden", "/meldung/7K3F-9QMX", "/en/impressum"]) assert.ok(!isOfStaff(path), path)
  assert.ok(isAsset("/static/frontend/css/main.css") && isAsset("/farbe/ff0000.css") && isAsset("/api/v1/areas/"))
  assert.ok(!isAsset("/api/v1/reports/") && !isAsset("/foto/1/full") && !isAsset("/api/v1/where/"))
})

test("kept is what the server calls public, and nothing else", () => {
  assert.ok(isPublic("public, no-cache"))
  assert.ok(isPublic("max-age=315360000, public, immutable"))
  for (const said of ["private, no-store", "no-cache", "", null, "max-age=60", "public, no-store", "max-age=0, private"]) {
    assert.ok(!isPublic(said), String(said))
  }
})

test("a page names what it is made of", () => {
  const page = `<link rel="stylesheet" href="/static/a.css"><script src="/static/b.js"></script>
    <a href="/datenschutz">x</a><pin-picker data-areas="/api/v1/areas/?layer=bkg/gemeinden&amp;x=1">
    <script src="https://elsewhere.example/c.js"></script><link href="/static/a.css">`
  assert.deepEqual(fileAddresses(page), ["/static/a.css", "/static/b.js", "/api/v1/areas/?layer=bkg/gemeinden&x=1"])
})

// ── Fields ───────────────────────────────────────────────────────────────────────────────────
test("the page's own notes are nothing that somebody put in", () => {
  assert.ok(isBlank([["client_id", "x"], ["step", "foto"], ["description", "  "], ["email", ""]]))
  assert.ok(!isBlank([["client_id", "x"], ["description", "Loch"]]))
})

test("where a photo says that it was taken stays on the device", () => {
  assert.deepEqual(toSend([["spot", "8,49"], ["photo_spot", "8,49"], ["place_before", "x"]]), [["spot", "8,49"]])
})

test("of all pages whose address is a key only a crew's day list is kept, with the tiles it names", () => {
  const token = "x".repeat(43)
  assert.ok(isDay(`/trupp/${token}`))
  assert.ok(isDay(`/bensheim/en/trupp/${token}`))
  for (const other of [`/trupp/${token}/antwort`, "/trupp/short", `/meldung/eigene/${token}`, "/amt/trupps"]) {
    assert.ok(!isDay(other), other)
  }
  const html = '<image href="/kacheln/15/1/2?trupp"/><image href="/kacheln/15/1/3"/>'
  assert.deepEqual(tileAddresses(html), ["/kacheln/15/1/2?trupp"])
  assert.ok(isTileOfDay(new URL("http://town.example/kacheln/15/1/2?trupp")))
  assert.ok(!isTileOfDay(new URL("http://town.example/kacheln/15/1/2")))
})
