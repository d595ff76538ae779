// The middle pane: rows that are patched in place, and new ones that wait behind a pill.

import { fetchPiece } from "#js/staff/fragments.js"
import { Errands } from "#js/staff/errands.js"
import { Ledger } from "#js/staff/ledger.js"

const COUNT_PAUSE_MS = 400

/** Events: "row" ({detail: tr}), "gone" ({detail: code}), "came" ({detail: code}), "expired". */
export class List extends EventTarget {
  #root
  #words
  #body
  #pill
  #ledger = new Ledger()
  #held = new Map()
  #errands = new Errands((code) => this.#fetch(code))
  #counting = null

  constructor(root, words) {
    super()
    this.#root = root
    this.#words = words
    this.#body = root.querySelector("[data-rows]")
    this.#pill = root.querySelector("[data-pill]")
    for (const row of this.rows) this.#ledger.shows(row.dataset.code, Number(row.dataset.version))
    this.#pill.addEventListener("click", (event) => this.#showHeld(event))
  }

  /** What stands in the list, and what waits behind the pill. */
  get rows() {
    return [...this.#body.rows]
  }

  get all() {
    return [...this.#held.values(), ...this.rows]
  }

  row(code) {
    return this.rows.find((row) => row.dataset.code === code)
  }

  hear(bell) {
    if (this.#ledger.isNews(bell)) this.refresh(bell.code)
  }

  refresh(code) {
    this.#errands.ask(code)
    this.#count()
  }

  /** After a long absence: everything that is shown. */
  refreshAll() {
    for (const row of this.all) this.#errands.ask(row.dataset.code)
    this.#count()
  }

  select(code) {
    for (const row of this.rows) {
      if (row.dataset.code === code) row.setAttribute("aria-current", "true")
      else row.removeAttribute("aria-current")
    }
  }

  // ── Rows ──
  async #fetch(code) {
    const url = this.#root.dataset.rowUrl.replace("CODE", code)
    const { status, content } = await fetchPiece(`${url}?${this.#root.dataset.listQuery}`)
    if (status === 401) return this.dispatchEvent(new Event("expired"))
    if (status === 404) return this.#drop(code)
    const row = content?.querySelector("tr")
    if (row) this.#place(code, row)
  }

  #place(code, row) {
    const known = this.row(code)
    const does = this.#ledger.place({
      code,
      version: Number(row.dataset.version),
      belongs: row.dataset.belongs === "1",
      isShown: Boolean(known),
    })
    if (does === "patch") this.#patch(known, row)
    if (does === "wait") this.#hold(code, row)
    if (does === "skip" && !known) this.#held.delete(code)
    this.#tellPill()
    this.dispatchEvent(new CustomEvent("row", { detail: row }))
  }

  #patch(known, row) {
    const hadFocus = known.contains(document.activeElement)
    if (known.hasAttribute("aria-current")) row.setAttribute("aria-current", "true")
    row.querySelector("a").href = known.querySelector("a").href
    row.classList.add("is-fresh")
    known.replaceWith(row)
    if (hadFocus) row.querySelector("a").focus({ preventScroll: true })
  }

  #hold(code, row) {
    const isNew = !this.#held.has(code)
    this.#held.set(code, row)
    if (isNew) this.dispatchEvent(new CustomEvent("came", { detail: code }))
    if (!this.rows.length) this.#insertHeld()
  }

  #drop(code) {
    this.row(code)?.remove()
    this.#held.delete(code)
    this.#ledger.forget(code)
    this.#tellPill()
    this.dispatchEvent(new CustomEvent("gone", { detail: code }))
  }

  // ── The pill ──
  #tellPill() {
    const n = this.#held.size
    this.#pill.hidden = n === 0
    const words = n === 1 ? this.#words.new_one : this.#words.new_many
    this.#pill.querySelector("a").textContent = words.replace("{n}", n)
  }

  #showHeld(event) {
    if (this.#root.dataset.query !== this.#root.dataset.listQuery) return // a later page: go to the first
    event.preventDefault()
    const first = this.#insertHeld()
    this.#body.closest(".desk-scroll").scrollTop = 0
    first?.querySelector("a").focus()
  }

  #insertHeld() {
    const age = (row) => row.querySelector(".age time").dateTime
    const rows = [...this.#held.values()].sort((one, other) => (age(one) < age(other) ? 1 : -1))
    for (const row of rows) row.classList.add("is-fresh")
    this.#held.clear()
    this.#ledger.showAll()
    this.#root.querySelector("[data-empty]")?.remove()
    this.#body.closest("table").hidden = false
    this.#body.prepend(...rows)
    this.#tellPill()
    return rows[0]
  }

  // ── Dangers ──
  #patchAlarms(fresh) {
    const known = this.#root.querySelector("[data-alarms]")
    if (!fresh || !known || fresh.innerHTML === known.innerHTML) return
    const focused = known.contains(document.activeElement) && document.activeElement.getAttribute("href")
    known.replaceWith(fresh)
    if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
  }

  // ── Counts ──
  #count() {
    if (this.#counting) return
    this.#counting = setTimeout(async () => {
      this.#counting = null
      const { content } = await fetchPiece(`${this.#root.dataset.viewsUrl}?${this.#root.dataset.listQuery}`).catch(() => ({}))
      const views = content?.querySelector("[data-views]")
      if (!views) return
      this.#patchAlarms(content.querySelector("[data-alarms]"))
      for (const link of views.querySelectorAll("[data-view]")) {
        const known = this.#root.querySelector(`[data-views] [data-view="${link.dataset.view}"] .count`)
        const count = link.querySelector(".count")
        if (known && known.textContent !== count.textContent) known.replaceWith(count)
      }
    }, COUNT_PAUSE_MS)
  }
}
