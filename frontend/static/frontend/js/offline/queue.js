// The reports of this device on their way out: when a network is there they go by themselves, from
// one page at a time, however many are open.

import { Courier } from "#js/offline/courier.js"
import { Memory } from "#js/offline/memory.js"
import { postPhoto, postReport } from "#js/offline/post.js"
import { NoRoom, NoShelf, Shelf } from "#js/offline/shelf.js"

export const NEWS = "augenmerk-queue" // channel, lock and tag of the background sync
const PAUSES_S = [5, 15, 60, 300]
const KEPT_MS = { draft: 30 * 86_400_000, sent: 30 * 86_400_000, discarded: 15_000 }
const MARK = "augenmerk-waiting" // tells pages without a queue that there is work (opening.js)

class Queue extends EventTarget {
  shelf = new Shelf()
  memory = new Memory()
  #news = globalThis.BroadcastChannel ? new BroadcastChannel(NEWS) : null
  #lost = 0
  #timer = 0
  #running = null
  #wanted = false

  constructor() {
    super()
    this.#news?.addEventListener("message", ({ data }) => this.#hear(data))
    addEventListener("online", () => this.kick())
    addEventListener("pageshow", () => this.kick())
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.kick()
    })
  }

  /** Everything on this device, the newest first; what only this page knows has `isFleeting`. */
  async all() {
    const kept = await this.shelf.all().catch(() => [])
    const fleeting = (await this.memory.all()).map((each) => ({ ...each, isFleeting: true }))
    const here = new Set(fleeting.map(({ id }) => id))
    const all = [...fleeting, ...kept.filter(({ id }) => !here.has(id))]
    return all.sort((one, other) => other.at - one.at)
  }

  async get(id) {
    return (await this.memory.get(id)) ?? (await this.shelf.get(id).catch(() => null))
  }

  photo(id) {
    return this.shelf.photo(id).catch(() => null)
  }

  /** Keep a report. "kept", or why only this page has it: "full" or "none". */
  async keep(report, photos) {
    try {
      await this.shelf.put(report, photos)
      await this.memory.remove(report.id)
      return "kept"
    } catch (error) {
      if (!(error instanceof NoRoom || error instanceof NoShelf)) throw error
      return error instanceof NoRoom ? "full" : "none"
    } finally {
      this.#tell({ id: report.id, kind: "kept" })
    }
  }

  /** To be sent as soon as there is a network. Where nothing can be kept, from this page only. */
  async handIn(report, photos) {
    const waiting = { ...report, state: "waiting", at: Date.now(), notBefore: 0, tries: 0 }
    const kept = await this.keep(waiting, photos)
    if (kept !== "kept") await this.memory.put(waiting, photos)
    this.#mark(true)
    this.#wakeLater()
    this.kick()
    return kept
  }

  async change(id, changes) {
    await this.memory.change(id, () => changes)
    await this.shelf.change(id, () => changes).catch(() => {})
    this.#tell({ id, kind: "changed" })
  }

  async remove(id) {
    await this.memory.remove(id)
    await this.shelf.remove(id).catch(() => {})
    this.#tell({ id, kind: "removed" })
  }

  /** Send what waits, now. Resolves when this page's turn is over. */
  async kick() {
    clearTimeout(this.#timer)
    this.#wanted = true
    this.#running ??= this.#run().finally(() => (this.#running = null))
    return this.#running
  }

  /** Once more for what was handed in while a round was on its way. */
  async #run() {
    while (this.#wanted) {
      await this.#inTurn(async () => {
        this.#wanted = false
        await this.#round()
      })
    }
  }

  async #round() {
    await this.#tidy()
    let isLost = false
    for (const shelf of [this.shelf, this.memory]) {
      const post = { report: postReport, photo: postPhoto }
      const courier = new Courier({ shelf, post, tell: (news) => this.#tell(news) })
      const round = await courier.round().catch(() => ({ isLost: false }))
      isLost ||= round.isLost
    }
    await this.#dropBackups()
    this.#lost = isLost ? this.#lost + 1 : 0
    await this.#plan()
  }

  /** Of what went from memory an older draft may still lie on the shelf. */
  async #dropBackups() {
    for (const { id, state } of await this.memory.all()) {
      if (state === "sent") await this.shelf.remove(id).catch(() => {})
    }
  }

  /** One page at a time. Without locks all may try: the server takes each report once. */
  #inTurn(work) {
    return navigator.locks ? navigator.locks.request(NEWS, work) : work()
  }

  async #plan() {
    const waiting = (await this.all()).filter(({ state }) => state === "waiting")
    this.#mark(waiting.length > 0)
    if (waiting.length === 0) return
    const pause = PAUSES_S[Math.min(this.#lost, PAUSES_S.length) - 1] ?? PAUSES_S[0]
    const soonest = Math.min(...waiting.map(({ notBefore }) => notBefore ?? 0)) - Date.now()
    this.#timer = setTimeout(() => this.kick(), Math.max(pause * 1000, soonest))
  }

  /** What was thrown away or sent long ago; and drafts that nobody came back to. */
  async #tidy() {
    const now = Date.now()
    for (const { id, state, at } of await this.all()) {
      if (now - at > (KEPT_MS[state] ?? Infinity)) await this.remove(id)
    }
  }

  /** The browser may finish it when this page is long closed. */
  async #wakeLater() {
    const worker = await navigator.serviceWorker?.getRegistration().catch(() => null)
    await worker?.sync?.register(NEWS).catch(() => {})
  }

  #mark(isWaiting) {
    try {
      if (isWaiting) localStorage.setItem(MARK, "1")
      else localStorage.removeItem(MARK)
    } catch {
      // forbidden: then the pages with a queue must do
    }
  }

  #tell(news) {
    this.#news?.postMessage(news)
    this.#hear(news)
  }

  #hear(detail) {
    this.dispatchEvent(new CustomEvent("news", { detail }))
  }
}

export const queue = new Queue()
