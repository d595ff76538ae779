// The service worker: the form without a network, and what waits goes when no page is open any more.
//
// Kept is only what the server calls public, and only what the form needs: its page as a stranger
// sees it, and exactly the files that this page names (their names change with their content, so
// versions never mix). One page whose address is a key is kept, too: a crew's day list, on its phone,
// as long as the server says. Everything else passes by untouched, staff pages and links of residents
// first of all. Served as one script by frontend/offline.py, which puts `AUGENMERK` in front.

import { Courier } from "#js/offline/courier.js"
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
import { postPhoto, postReport } from "#js/offline/post.js"
import { Shelf } from "#js/offline/shelf.js"

const NEWS = "augenmerk-queue"
const { version, isLasting } = globalThis.AUGENMERK
const CACHE = `augenmerk-${version}`
const PATIENCE_MS = 5000 // so long may a page take while a kept one lies here
const FRESH_MS = 12 * 3600 * 1000
const KEEP = "Augenmerk-Keep" // until when a day list may be kept; "no": not at all

addEventListener("install", (event) => event.waitUntil(moveIn()))
addEventListener("activate", (event) => event.waitUntil(takeOver()))
addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep).catch(() => {}))
  if (event.data?.keepDay) event.waitUntil(keepDay(event.data.keepDay).catch(() => {}))
})
addEventListener("sync", (event) => {
  if (event.tag === NEWS) event.waitUntil(sendAll())
})
addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (request.mode === "navigate") {
    if (isDay(url.pathname)) event.respondWith(day(event, url))
    else if (!isOfStaff(url.pathname)) event.respondWith(page(event, url))
  } else if (isAsset(url.pathname)) {
    event.respondWith(file(request))
  } else if (isTileOfDay(url)) {
    event.respondWith(tile(request))
  }
})

// ── Versions ─────────────────────────────────────────────────────────────────────────────────
/** A new version takes along what the old one kept, anew and whole, or it does not come. */
async function moveIn() {
  const mine = await caches.open(CACHE)
  for (const name of await otherCaches()) {
    const old = await caches.open(name)
    for (const request of await old.keys()) {
      const { pathname } = new URL(request.url)
      if (formOf(pathname) === pathname && !(await mine.match(pathname))) await keep(pathname)
      if (isDay(pathname)) await keepDay(pathname)
    }
  }
}

async function takeOver() {
  await Promise.all((await otherCaches()).map((name) => caches.delete(name)))
  await registration.navigationPreload?.enable()
}

async function otherCaches() {
  return (await caches.keys()).filter((name) => name.startsWith("augenmerk-") && name !== CACHE)
}

// ── Keeping ──────────────────────────────────────────────────────────────────────────────────
/** Keep the form of one town and language (`address`, see formOf), and all that it is made of. */
async function keep(address) {
  if (formOf(address) !== address) return
  const cache = await caches.open(CACHE)
  const known = await cache.match(address)
  if (known && Date.now() - Date.parse(known.headers.get("Date")) < FRESH_MS) return
  const shelter = shelterOf(address)
  const pages = new Map()
  for (const page of [address, shelter]) pages.set(page, await whole(await fetched(page)))
  for (const answer of pages.values()) {
    for (const needed of fileAddresses(await answer.clone().text())) {
      if (!(await cache.match(needed))) await cache.put(needed, await fetched(needed))
    }
  }
  for (const [name, answer] of pages) await cache.put(name, answer)
}

/** Keep a crew's day list as it is now, unless its time is over. */
async function keepDay(address) {
  if (!isDay(address)) return
  await layDay(address, await fetch(address, { credentials: "omit", redirect: "error", cache: "no-store" }))
}

/** The list with all that it names, or nothing. "no" lets go of what was kept of it. */
async function layDay(address, answer) {
  const cache = await caches.open(CACHE)
  const until = answer.headers.get(KEEP)
  if (until === "no") return forgetDay(address)
  if (!answer.ok) throw new Error(address)
  if (!(Date.parse(until) > Date.now())) return
  const list = await whole(answer)
  const html = await list.clone().text()
  for (const needed of fileAddresses(html)) {
    if (!(await cache.match(needed))) await cache.put(needed, await fetched(needed))
  }
  await cache.put(address, list)
  for (const each of tileAddresses(html)) await cache.add(each).catch(() => {}) // plain ground will do
}

async function forgetDay(address) {
  const cache = await caches.open(CACHE)
  await cache.delete(address)
  const left = (await cache.keys()).map(({ url }) => new URL(url))
  if (left.some(({ pathname }) => isDay(pathname))) return
  await Promise.all(left.filter(isTileOfDay).map((url) => cache.delete(url)))
}

/** The kept list of that address, if its time is not over; lists whose time is over go. */
async function keptDay(address) {
  const cache = await caches.open(CACHE)
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url)
    if (!isDay(pathname)) continue
    const kept = await cache.match(pathname)
    if (!(Date.parse(kept?.headers.get(KEEP)) > Date.now())) await forgetDay(pathname)
  }
  return cache.match(address)
}

/** As a stranger gets it: no cookie goes along. */
async function fetched(address) {
  const isFile = isLasting && address.startsWith("/static/")
  const answer = await fetch(address, {
    credentials: "omit",
    redirect: "error",
    cache: isFile ? "default" : "reload",
  })
  if (!answer.ok || !isPublic(answer.headers.get("Cache-Control"))) throw new Error(address)
  const { size } = await answer.clone().blob() // the last byte is here
  if (size === 0) throw new Error(address)
  return answer
}

// ── Answering ────────────────────────────────────────────────────────────────────────────────
/** Pages come from the server; without one, the form or a page that leads to it. */
async function page(event, url) {
  const fresh = fromServer(event)
  fresh.catch(() => {}) // told below, when it is known what is kept
  const kept = await ownPage(url.pathname)
  if (!kept) return fresh
  if (formOf(url.pathname) === null) return fresh.catch(() => kept)
  return Promise.race([fresh.then(whole).catch(() => kept), after(PATIENCE_MS).then(() => kept)])
}

/** A crew's day list: as it is now, else as it was. Whatever the server says is noted. */
async function day(event, { pathname }) {
  const fresh = fromServer(event).then(whole)
  event.waitUntil(fresh.then((answer) => layDay(pathname, answer.clone())).catch(() => {}))
  const shown = fresh.then((answer) => answer.clone())
  const kept = await keptDay(pathname)
  if (!kept) return shown.catch(async () => (await ownPage(pathname)) ?? Response.error())
  return Promise.race([shown.catch(() => kept), after(PATIENCE_MS).then(() => kept)])
}

async function fromServer(event) {
  return (await event.preloadResponse) ?? fetch(event.request)
}

/**
 * The page when its last byte is here: half a form would be worse than the kept one. (A connection
 * that ends within the headers passes in Chromium for an answer without a body.)
 */
async function whole(answer) {
  if (answer.status >= 500) throw new Error(answer.statusText)
  if (answer.type === "opaqueredirect") return answer
  const page = await answer.text()
  if (!page.trimEnd().endsWith("</html>")) throw new Error("cut off")
  const headers = new Headers(answer.headers)
  headers.delete("Content-Encoding")
  return new Response(page, { status: answer.status, headers })
}

async function ownPage(pathname) {
  const cache = await caches.open(CACHE)
  const form = formOf(pathname)
  if (form) return (await cache.match(form)) ?? cache.match(formOf("/melden"))
  const kept = (await cache.keys()).map(({ url }) => new URL(url).pathname)
  const shelter = nearestShelter(kept, pathname)
  return shelter ? cache.match(shelter) : undefined
}

/** A file whose name tells its content is the same wherever it lies. */
async function file(request) {
  const cache = await caches.open(CACHE)
  const { pathname, search } = new URL(request.url)
  const find = () => cache.match(pathname + search, { ignoreVary: true })
  if (isLasting && pathname.startsWith("/static/")) return (await find()) ?? fetch(request)
  return fetch(request).catch(async (error) => {
    const kept = await find()
    if (kept) return kept
    throw error
  })
}

/** Of a day list's map: the kept one, since it is the same for weeks. */
async function tile(request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request)
}

function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

// ── Sending ──────────────────────────────────────────────────────────────────────────────────
/** What waits goes, also when no page is open. If not all could, the browser calls again. */
async function sendAll() {
  const news = new BroadcastChannel(NEWS)
  const shelf = new Shelf()
  const post = { report: postReport, photo: postPhoto }
  const courier = new Courier({ shelf, post, tell: (each) => news.postMessage(each) })
  const round = () => courier.round()
  const { isLost } = navigator.locks ? await navigator.locks.request(NEWS, round) : await round()
  news.close()
  if (isLost) throw new Error("no network")
}
