// The service worker: the form without a network, and what waits goes when no page is open any more.
//
// Kept is only what the server calls public, and only what the form needs: its page as a stranger
// sees it, and exactly the files that this page names (their names change with their content, so
// versions never mix). Everything else passes by untouched, staff pages and links of residents first
// of all. Served as one script by frontend/offline.py, which puts `AUGENMERK` in front.

import { Courier } from "#js/offline/courier.js"
import {
  fileAddresses,
  formOf,
  isAsset,
  isOfStaff,
  isPublic,
  nearestShelter,
  shelterOf,
} from "#js/offline/keeping.js"
import { postPhoto, postReport } from "#js/offline/post.js"
import { Shelf } from "#js/offline/shelf.js"

const NEWS = "augenmerk-queue"
const { version, isLasting } = globalThis.AUGENMERK
const CACHE = `augenmerk-${version}`
const PATIENCE_MS = 5000 // so long may a page take while a kept one lies here
const FRESH_MS = 12 * 3600 * 1000

addEventListener("install", (event) => event.waitUntil(moveIn()))
addEventListener("activate", (event) => event.waitUntil(takeOver()))
addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep).catch(() => {}))
})
addEventListener("sync", (event) => {
  if (event.tag === NEWS) event.waitUntil(sendAll())
})
addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (request.mode === "navigate") {
    if (!isOfStaff(url.pathname)) event.respondWith(page(event, url))
  } else if (isAsset(url.pathname)) {
    event.respondWith(file(request))
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
