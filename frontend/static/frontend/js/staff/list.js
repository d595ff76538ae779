// The middle pane: rows that are patched in place, new ones that wait behind a pill, and another list
// in the place of this one.

import { fetchPiece } from "#js/staff/fragments.js"
import { Errands } from "#js/staff/errands.js"
import { Ledger } from "#js/staff/ledger.js"
import { Selection } from "#js/staff/selection.js"

const COUNT_PAUSE_MS = 400

/**
 * Events: "row" ({detail: tr}), "rows" (others stand in the list now), "gone" ({detail: code}),
 * "came" ({detail: code}), "expired". `selection` is the list's.
 */
export class List extends EventTarget {
  selection
  #root
  #section
  #words
  #table
  #pill
  #asked = 0
  #ledger = new Ledger()
  #held = new Map()
  #errands = new Errands((code) => this.#fetch(code))
  #counting = null

  constructor(root, words) {
    super()
    this.#root = root
    this.#words = words
    this.#section = root.querySelector(".desk-list")
    this.#table = root.querySelector("[data-rows]").closest("table")
    this.#pill = root.querySelector("[data-pill]")
    this.selection = new Selection(this.#section, words)
    this.#learn(this.rows)
    this.#pill.addEventListener("click", (event) => this.#showHeld(event))
    this.#section.addEventListener("click", (event) => this.#showMore(event))
  }

  /** What stands in the list, and what waits behind the pill. */
  get rows() {
    return [...this.#table.rows].filter((row) => row.dataset.code)
  }

  get query() {
    return this.#section.dataset.listQuery
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
    const { status, content } = await fetchPiece(`${url}?${this.query}`)
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
    const hadBox = hadFocus && document.activeElement.name === "codes"
    if (known.hasAttribute("aria-current")) row.setAttribute("aria-current", "true")
    row.querySelector("a").href = known.querySelector("a").href
    row.classList.add("is-fresh")
    const box = row.querySelector("input[name=codes]") // readers have none
    if (box) {
      box.checked = known.querySelector("input[name=codes]")?.checked ?? false
      row.toggleAttribute("data-picked", box.checked)
      row.ariaSelected = String(box.checked)
    }
    known.replaceWith(row)
    if (hadFocus) (hadBox && box ? box : row.querySelector("a")).focus({ preventScroll: true })
  }

  #hold(code, row) {
    const isNew = !this.#held.has(code)
    this.#held.set(code, row)
    if (isNew) this.dispatchEvent(new CustomEvent("came", { detail: code }))
    if (!this.rows.length && this.#isNewestFirst) this.#insertHeld()
  }

  #drop(code) {
    this.row(code)?.remove()
    this.#held.delete(code)
    this.#ledger.forget(code)
    this.#tellPill()
    this.selection.settle()
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
    event.preventDefault()
    if (!this.#isNewestFirst) return this.load(this.query, { focus: true })
    const first = this.#insertHeld()
    this.#table.closest(".desk-scroll").scrollTop = 0
    first?.querySelector("a").focus()
  }

  /** Whether what comes belongs at the top: not on a later page, nor in another order. */
  get #isNewestFirst() {
    const { query, listQuery, order } = this.#section.dataset
    return query === listQuery && order === "neu"
  }

  #insertHeld() {
    const age = (row) => row.querySelector(".age time").dateTime
    const rows = [...this.#held.values()].sort((one, other) => (age(one) < age(other) ? 1 : -1))
    for (const row of rows) row.classList.add("is-fresh")
    this.#held.clear()
    this.#ledger.showAll()
    this.#root.querySelector("[data-empty]")?.remove()
    this.#table.hidden = false
    this.#table.querySelector("[data-rows]").prepend(...rows)
    this.#tellPill()
    return rows[0]
  }

  // ── Other rows ──
  /** Another list in the place of this one; what is selected stays so, as far as it is in it. */
  async load(query, { focus = false } = {}) {
    const asked = ++this.#asked
    const piece = await fetchPiece(`${this.#root.dataset.deskUrl}?${query}`).catch(() => null)
    if (asked !== this.#asked) return
    if (piece?.status === 401) return this.dispatchEvent(new Event("expired"))
    const fresh = piece?.content?.querySelector(".desk-list")
    if (!fresh) return
    const chosen = this.selection.codes
    this.#exchange(fresh)
    this.#held.clear()
    this.#ledger = new Ledger()
    this.#learn(this.rows)
    this.#tellPill()
    this.selection.settle(chosen)
    this.dispatchEvent(new Event("rows"))
    if (focus) this.rows[0]?.querySelector("a").focus()
  }

  /** Pill and table stay the same elements: others hold on to them. */
  #exchange(fresh) {
    delete this.#section.dataset.box
    Object.assign(this.#section.dataset, fresh.dataset)
    this.#root.dataset.query = fresh.dataset.query
    const scroll = this.#section.querySelector("[data-scroll]")
    const table = fresh.querySelector("table")
    this.#table.hidden = table.hidden
    this.#table.replaceChildren(...table.children)
    const parts = [...fresh.querySelector("[data-scroll]").children]
    scroll.replaceChildren(...parts.map((part) => (part === table ? this.#table : part.matches("[data-pill]") ? this.#pill : part)))
    scroll.scrollTop = 0
    for (const name of [".desk-filter-state", "#liste-titel"]) {
      this.#section.querySelector(name)?.replaceWith(fresh.querySelector(name))
    }
    const [field, typed] = [this.#section, fresh].map((section) => section.querySelector("#suche"))
    if (field !== document.activeElement) field.value = typed.value
  }

  /** The next page under this one, so that nothing that is selected gets out of sight. */
  async #showMore(event) {
    const link = event.target.closest("[data-more]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    if (link.ariaBusy === "true") return
    link.ariaBusy = "true"
    const piece = await fetchPiece(link.href).catch(() => null)
    link.ariaBusy = "false"
    const fresh = piece?.content?.querySelector(".desk-list")
    if (!fresh) return location.assign(link.href)
    const known = new Set(this.rows.map((row) => row.dataset.code))
    const rows = [...fresh.querySelectorAll("tr[data-code]")].filter((row) => !known.has(row.dataset.code))
    this.#table.tBodies[this.#table.tBodies.length - 1].append(...rows)
    this.#learn(rows)
    this.#nextLink(link, fresh.querySelector("[data-more]"))
    rows[0]?.querySelector("a").focus({ preventScroll: true })
    this.selection.settle()
    this.dispatchEvent(new Event("rows"))
  }

  #nextLink(link, next) {
    if (next) link.href = next.href
    else link.remove()
  }

  #learn(rows) {
    for (const row of rows) this.#ledger.shows(row.dataset.code, Number(row.dataset.version))
  }

  // ── Dangers ──
  #patchAlarms(fresh) {
    const known = this.#root.querySelector("[data-alarms]")
    if (!fresh || !known) return
    const [more, freshMore] = [known, fresh].map((box) => box.querySelector("details"))
    if (freshMore && more) freshMore.open = more.open
    if (fresh.innerHTML === known.innerHTML) return
    const focused = known.contains(document.activeElement) && (document.activeElement.getAttribute("href") ?? "")
    known.replaceWith(fresh)
    if (focused === false) return
    const again = fresh.querySelector(focused ? `a[href="${CSS.escape(focused)}"]` : "summary")
    ;(again ?? this.rows[0]?.querySelector("a"))?.focus({ preventScroll: true })
  }

  // ── Counts ──
  #count() {
    if (this.#counting) return
    this.#counting = setTimeout(async () => {
      this.#counting = null
      const { content } = await fetchPiece(`${this.#root.dataset.viewsUrl}?${this.query}`).catch(() => ({}))
      const views = content?.querySelector("[data-views]")
      if (!views) return
      this.#patchAlarms(content.querySelector("[data-alarms]"))
      for (const link of views.querySelectorAll("a[href]")) {
        const known = this.#root.querySelector(`[data-views] a[href="${CSS.escape(link.getAttribute("href"))}"] .count`)
        const count = link.querySelector(".count")
        if (known && known.textContent !== count?.textContent) known.replaceWith(count)
      }
    }, COUNT_PAUSE_MS)
  }
}
