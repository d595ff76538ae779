// <waiting-reports>: what lies on this device: drafts, what waits for a network, what was sent from
// here. In the form it leaves out the draft that is open there, and what was seen to arrive.

import { queue } from "#js/offline/queue.js"

const UNDO_MS = 10_000
const KILO = 1000

class WaitingReports extends HTMLElement {
  #sending = new Set()

  connectedCallback() {
    this.rows = this.querySelector("[data-rows]")
    this.language = document.documentElement.lang
    this.addEventListener("click", (event) => this.#pressed(event))
    this.onNews = ({ detail }) => this.#hear(detail)
    queue.addEventListener("news", this.onNews)
    this.#draw()
    queue.kick()
  }

  disconnectedCallback() {
    queue.removeEventListener("news", this.onNews)
  }

  #hear({ id, kind }) {
    if (kind === "sending") this.#sending.add(id)
    else this.#sending.delete(id)
    this.drawing ??= Promise.resolve().then(() => this.#draw()).finally(() => (this.drawing = null))
  }

  async #draw() {
    const open = await openElsewhere()
    const shown = (await queue.all()).filter((report) => this.#isShown(report, open))
    this.hidden = shown.length === 0
    const rows = shown.map((report) => this.#row(report))
    const focus = this.#focused()
    this.rows.replaceChildren(...rows)
    if (focus) this.rows.querySelector(focus)?.focus({ preventScroll: true })
  }

  #isShown({ id, kind, state, isSeen }, open) {
    if (kind === "crew") return false // stands on the crew's day list
    if (state === "draft" && open.has(id)) return false
    return !("inForm" in this.dataset && state === "sent" && isSeen)
  }

  #row(report) {
    const row = this.querySelector("[data-row]").content.firstElementChild.cloneNode(true)
    const state = this.#sending.has(report.id) && report.state === "waiting" ? "sending" : report.state
    row.dataset.id = report.id
    row.dataset.state = state
    for (const sign of row.querySelectorAll("[data-sign]")) sign.hidden = sign.dataset.sign !== state
    const title = report.title || this.dataset.untitled
    row.querySelector("[data-title]").textContent = title
    row.querySelector("[data-state]").textContent = this.#stateWords(report, state)
    const when = row.querySelector("[data-when]")
    when.dateTime = new Date(report.at).toISOString()
    when.textContent = this.#moment(report.at)
    const size = this.#size(report)
    if (size) row.querySelector("[data-size]").textContent = size
    this.#explain(row, report, state)
    this.#offer(row, report, state)
    for (const name of row.querySelectorAll("[data-of]")) name.textContent = `: ${title}`
    return row
  }

  #stateWords(report, state) {
    const words = this.dataset[state] ?? ""
    if (state === "sent") return words.replace("{code}", report.receipt.code)
    if (state !== "waiting" || !(report.notBefore > Date.now())) return words
    return this.dataset.later.replace("{time}", this.#moment(report.notBefore))
  }

  #explain(row, report, state) {
    if (state !== "refused") return
    const why = row.querySelector("[data-why]")
    const own = { 409: this.dataset.changed, 410: this.dataset.gone }[report.status]
    why.textContent = own ?? (report.sentences ?? []).join(" ")
    why.hidden = false
  }

  #offer(row, report, state) {
    const offers = {
      draft: ["open", "discard"],
      waiting: report.notBefore > Date.now() ? ["discard"] : ["send", "discard"],
      sending: [],
      refused: report.status === 410 ? ["discard"] : ["open", "discard"],
      sent: ["page", "hide"],
      discarded: ["undo"],
    }[state]
    for (const offer of offers ?? []) row.querySelector(`[data-${offer}]`).hidden = false
    row.querySelector("[data-open]").href = `${report.form}#entwurf-${report.id}`
    if (report.receipt) row.querySelector("[data-page]").href = report.receipt.page
  }

  #size({ photos, state }) {
    if (!photos.length || state === "sent") return ""
    const bytes = photos.reduce((sum, photo) => sum + (photo.size ?? 0), 0)
    const unit = { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }
    const count = photos.length === 1 ? this.dataset.photo : this.dataset.photos.replace("{n}", photos.length)
    const weight = bytes ? new Intl.NumberFormat(this.language, unit).format(Math.ceil(bytes / KILO)) : ""
    return [count, weight].filter(Boolean).join(", ")
  }

  #moment(at) {
    const isToday = new Date(at).toDateString() === new Date().toDateString()
    const style = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }
    return new Intl.DateTimeFormat(this.language, style).format(at)
  }

  async #pressed(event) {
    const row = event.target.closest("[data-id]")
    if (!row) return
    const { id } = row.dataset
    if (event.target.closest("[data-open]") && location.pathname === event.target.closest("a").pathname) {
      event.preventDefault() // the same page with another draft: it must be loaded anew
      location.hash = `entwurf-${id}`
      location.reload()
    }
    if (event.target.closest("[data-send]")) await this.#send(id)
    if (event.target.closest("[data-discard]")) await this.#discard(id)
    if (event.target.closest("[data-hide]")) await queue.remove(id)
    if (event.target.closest("[data-undo]")) await this.#undo(id)
  }

  async #send(id) {
    await queue.kick()
    const report = await queue.get(id)
    if (report) this.#announce(this.#stateWords(report, report.state))
  }

  async #discard(id) {
    const report = await queue.get(id)
    await queue.change(id, { state: "discarded", before: report.state, at: Date.now() })
    this.#announce(this.dataset.discarded)
    setTimeout(() => this.#finish(id), UNDO_MS)
  }

  async #finish(id) {
    const report = await queue.get(id)
    if (report?.state === "discarded") await queue.remove(id)
  }

  async #undo(id) {
    const report = await queue.get(id)
    await queue.change(id, { state: report.before, at: Date.now() })
    await queue.kick()
  }

  #announce(words) {
    this.querySelector("[data-said]").textContent = words
  }

  /** How to find again the button that has the focus. */
  #focused() {
    const active = document.activeElement
    const row = active?.closest?.("[data-id]")
    if (!row || !this.contains(row)) return ""
    const kind = ["send", "open", "page", "discard", "hide", "undo"].find((each) => active.matches(`[data-${each}]`))
    const same = `[data-id="${row.dataset.id}"]`
    return kind === "discard" ? `${same} [data-undo]` : `${same} [data-${kind}]`
  }
}

/** Ids of the drafts that some tab has open. */
async function openElsewhere() {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  const prefix = "augenmerk-draft-"
  return new Set(held.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name.slice(prefix.length)))
}

customElements.define("waiting-reports", WaitingReports)
